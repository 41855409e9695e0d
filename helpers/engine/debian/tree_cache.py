"""Trees of packages in the cache: one that is whole, or one that is made now.

Each is a folder of its own; it gets its name when it is finished, so nothing half made has one.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from helpers.engine.base.disk_answers import written_to
from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import cache_dir
from helpers.engine.debian.mirror import Mirror, MirrorUnreachable
from helpers.engine.debian.suite import architecture
from helpers.engine.debian.tree_maker import Report, TreeMaker
from helpers.engine.debian.tree_record import NAME, TreeRecord
from helpers.engine.debian.tree_users import is_in_use
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.errors import DiskFull, InvalidInput, SetupFailed
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import TreeRecipe

_DAY_SECONDS = 24 * 3600
# A tree is used this long before anybody looks whether there is a newer one.
FRESH_SECONDS = 30 * _DAY_SECONDS
# One that nobody used for so long goes when another of its recipe is made.
_KEPT_SECONDS = 60 * _DAY_SECONDS
LOOKED = "looked"
_SUITE = re.compile(r"[a-z][a-z0-9-]*")
_NEW, _DEBS = ".new-", ".debs"


def trees_dir() -> Path:
    """The folder of all trees."""
    return cache_dir() / "trees"


def kept_tree(recipe: TreeRecipe, suites: Sequence[str] | None = None) -> UnpackedTree | None:
    """The newest of the recipe's trees in the cache that is whole; the network is not asked.

    By the order of the suites, those of the recipe where none are named.
    """
    for suite in suites or recipe.suites:
        for folder, record in _recorded(recipe, suite):
            if record.is_whole(folder):
                with suppress(OSError):
                    os.utime(folder / NAME)
                return UnpackedTree(folder, record.suite, record.versions, record.note)
    return None


def unpacked_tree(
    recipe: TreeRecipe, on_progress: Report, cancelled: threading.Event
) -> UnpackedTree:
    """The recipe's tree, from the cache, else made now of the first suite that has it all.

    A kept one is taken as it is for 30 days; then the mirror is asked for a newer one, and where
    there is none, or nobody answers, it is taken still. Makers of one recipe, in any process, wait
    for the first. Raises SetupFailed, DiskFull or Interrupted; packages that came whole are kept
    for the next try.
    """
    kept = kept_tree(recipe)
    if kept is not None and _is_fresh(kept.folder):
        return kept
    folder = trees_dir()

    def wait() -> None:
        on_progress(TreeProgress("waiting for another workbook that fetches", recipe.name))

    with written_to(folder), exclusive(folder / f"{recipe.name}.lock", cancelled, wait):
        kept = kept_tree(recipe)
        if kept is not None and _is_fresh(kept.folder):
            return kept
        _clear_leftovers(folder, recipe)
        try:
            made = _made(recipe, folder, on_progress, cancelled)
        except DiskFull as error:
            shutil.rmtree(folder / f"{recipe.name}{_DEBS}", ignore_errors=True)
            if kept is None:
                raise DiskFull(error.message, "Make room there and run it again.") from None
            return kept
        except SetupFailed:
            if kept is None:
                raise
            _looked(kept.folder, FRESH_SECONDS - _DAY_SECONDS)
            return kept
        _clear_outdated(recipe, made)
        return made


def adopted_tree(
    recipe: TreeRecipe,
    record: TreeRecord,
    fill: Callable[[Path], None],
    cancelled: threading.Event,
) -> UnpackedTree:
    """The recipe's tree from somewhere else than a mirror; one that is kept is taken as it is.

    `fill` puts what the record says into a new folder. Raises what that raises, InvalidInput where
    the tree is for another machine or of another recipe, DiskFull.
    """
    _check_fits(recipe, record)
    folder = trees_dir()
    with written_to(folder), exclusive(folder / f"{recipe.name}.lock", cancelled):
        if kept := kept_tree(recipe):
            return kept
        _clear_leftovers(folder, recipe)
        work = Path(tempfile.mkdtemp(prefix=f"{recipe.name}{_NEW}", dir=folder))
        try:
            new, digest = work / "tree", sha256(repr(sorted(record.entries.items())).encode())
            new.mkdir(mode=0o755)
            fill(new)
            record.write(new)
            final = folder / f"{recipe.name}-{record.suite}-{digest.hexdigest()[:12]}"
            if final.exists():
                final.rename(work / "damaged")
            new.rename(final)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    _looked(final)
    return UnpackedTree(final, record.suite, record.versions, record.note)


def _check_fits(recipe: TreeRecipe, record: TreeRecord) -> None:
    if record.architecture != architecture():
        raise InvalidInput(
            f"The bundle's engine is for {record.architecture}; this machine is {architecture()}.",
            "Ask for a bundle that was made with --platform for this machine.",
        )
    is_ours = record.recipe == recipe.fingerprint and record.asked in recipe.suites
    if not is_ours or not _SUITE.fullmatch(record.suite):
        raise InvalidInput(
            "The bundle's engine was packed by another version of the workbook.",
            "Take this workbook's folder from where the bundle was made, or ask for a bundle of "
            "this version.",
        )


def _made(
    recipe: TreeRecipe, folder: Path, on_progress: Report, cancelled: threading.Event
) -> UnpackedTree:
    """The tree of the first suite that has it all. Raises SetupFailed with why none has."""
    mirror, failures = Mirror.chosen(), list[SetupFailed]()
    for suite in recipe.suites:
        on_progress(TreeProgress("asking for Debian", suite))
        work = Path(tempfile.mkdtemp(prefix=f"{recipe.name}{_NEW}", dir=folder))
        try:
            with written_to(folder):
                maker = TreeMaker.asked(recipe, suite, mirror, work, cancelled)
                maker.notes.extend(failure.message for failure in failures)
                return _finished(maker, folder, work, on_progress, cancelled)
        except MirrorUnreachable:
            raise
        except SetupFailed as error:
            failures.append(SetupFailed(f"{suite}: {error.message}", error.next_step))
        finally:
            shutil.rmtree(work, ignore_errors=True)
    reasons = " ".join(failure.message for failure in failures)
    raise SetupFailed(
        f"Debian's packages for {recipe.name} cannot be had. {reasons}", failures[-1].next_step
    )


def _finished(
    maker: TreeMaker, folder: Path, work: Path, on_progress: Report, cancelled: threading.Event
) -> UnpackedTree:
    """The tree under its name, made unless it is there already."""
    final, debs = folder / maker.folder_name, folder / f"{maker.recipe.name}{_DEBS}"
    record = TreeRecord.read(final)
    if record is None or not record.is_whole(final):
        new = work / "tree"
        new.mkdir(mode=0o755)
        record = maker.make(new, debs, on_progress, cancelled)
        if final.exists():
            final.rename(work / "damaged")
        new.rename(final)
    _looked(final)
    shutil.rmtree(debs, ignore_errors=True)
    return UnpackedTree(final, record.suite, record.versions, record.note)


def _recorded(recipe: TreeRecipe, suite: str) -> Iterator[tuple[Path, TreeRecord]]:
    """The recipe's trees of that suite, the one made last first."""
    folders = [folder for folder in trees_dir().glob(f"{recipe.name}-*") if folder.is_dir()]
    for folder in sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True):
        record = TreeRecord.read(folder)
        wanted = (recipe.fingerprint, suite, recipe.architecture or architecture())
        if record and (record.recipe, record.asked, record.architecture) == wanted:
            yield folder, record


def _is_fresh(folder: Path) -> bool:
    try:
        age = time.time() - (folder / LOOKED).stat().st_mtime
    except OSError:
        return False
    return age < FRESH_SECONDS


def _looked(folder: Path, seconds_ago: float = 0) -> None:
    """It is noted that nothing newer was there then."""
    with suppress(OSError):
        (folder / LOOKED).touch()
        os.utime(folder / LOOKED, times=(time.time(), time.time() - seconds_ago))


def _clear_leftovers(folder: Path, recipe: TreeRecipe) -> None:
    """What a killed maker left is gone; the lock says that none is at work."""
    for leftover in folder.glob(f"{recipe.name}{_NEW}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for part in (folder / f"{recipe.name}{_DEBS}").glob("*.part"):
        part.unlink(missing_ok=True)


def _clear_outdated(recipe: TreeRecipe, made: UnpackedTree) -> None:
    """Older trees of the recipe are gone, and those of its name that nobody used for long."""
    older = [folder for suite in recipe.suites for folder, _ in _recorded(recipe, suite)]
    for folder in trees_dir().glob(f"{recipe.name}-*"):
        with suppress(OSError):
            unused = time.time() - (folder / NAME).stat().st_mtime > _KEPT_SECONDS
            if folder != made.folder and (folder in older or unused) and not is_in_use(folder):
                shutil.rmtree(folder)
