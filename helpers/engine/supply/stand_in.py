"""Stand-ins: images made on the spot of Debian's packages, their archives kept in the cache.

An archive has nothing of the machine that it was made on; see engine/supply/trusted_layer.py.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import cache_dir
from helpers.engine.debian.suite import architecture
from helpers.engine.host.trust import Trust, machine_trust
from helpers.engine.supply.image_tools import ImageTools, image_tools
from helpers.engine.supply.mmdebstrap import (
    MIRROR,
    SCRIPTS,
    SUITE,
    WorkFolders,
    bootstrap,
    suite_of,
)
from helpers.engine.supply.stand_in_tree import fingerprint_of, tree_for, variables_for
from helpers.errors import SetupFailed
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.supply.bootstrap import BootstrapProgress
from helpers.model.supply.recipe import StandInRecipe

_BASES = {SUITE: "Debian 13", "bookworm": "Debian 12"}
_FORMAT = 2
# How much of the time goes into the archive that is a part of another.
_PARTS = 0.95
Report = Callable[[BootstrapProgress], None]


@dataclass(frozen=True)
class StandIn:
    """A finished archive: a root file system as tar, and what goes into the image's settings."""

    path: Path
    sha256: str
    size_bytes: int
    made_of: str
    instructions: tuple[str, ...]


def can_make() -> tuple[bool, str]:
    """Whether stand-ins can be made on this machine, and if not, why in words."""
    if sys.platform != "linux":
        return False, "it can only be made on Linux"
    if os.geteuid() != 0:
        return False, "it can only be made by root"
    try:
        architecture()
    except SetupFailed as failed:
        return False, failed.message
    return True, ""


def make(
    recipe: StandInRecipe,
    on_progress: Report,
    cancelled: threading.Event,
    *,
    mirror: str = MIRROR,
) -> StandIn:
    """The recipe's archive, from the cache where it is whole, else made now.

    Makers of the same archive, in any process, wait for the first. Raises SetupFailed or
    Interrupted; then nothing is left but the packages that were already downloaded.
    """
    name = f"{Path(recipe.script).stem}-{suite_of(recipe)}-{key_of(recipe, mirror)}"
    folder = cache_dir() / "stand-ins"
    with exclusive(
        folder / f"{name}.lock",
        cancelled,
        lambda: on_progress(BootstrapProgress("waiting for another workbook that makes it")),
    ):
        return kept(folder, name) or _made(recipe, folder, name, on_progress, cancelled, mirror)


def trust_for(recipe: StandInRecipe) -> Trust:
    """What of this machine's trust goes into that recipe's image on an engine of this machine."""
    if not recipe.trusts:
        return Trust()
    return machine_trust() if recipe.has_pip else machine_trust().without_pip()


def key_of(recipe: StandInRecipe, mirror: str = MIRROR) -> str:
    """A short hash of all that the archive depends on."""
    laid = sorted(SCRIPTS.glob(f"{Path(recipe.script).stem}-*"))
    borrowed = [SCRIPTS / name for name in recipe.scripts]
    files = (SCRIPTS / "common.sh", SCRIPTS / recipe.script, *laid, *borrowed)
    scripts = [file.read_text(encoding="utf-8") for file in files]
    settings = {
        name: value for name, value in asdict(recipe).items() if value not in ((), "", None)
    }
    tree = [fingerprint_of(recipe)] if recipe.tree else []
    parts = [_FORMAT, suite_of(recipe), mirror, platform.machine(), settings, scripts, *tree]
    return sha256(json.dumps(parts).encode()).hexdigest()[:16]


def kept(folder: Path, name: str) -> StandIn | None:
    """The archive of that name if it is in the cache and undamaged."""
    archive = folder / f"{name}.tar"
    try:
        facts = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        if facts["sha256"] != hash_of(archive):
            return None
        instructions = tuple(str(line) for line in facts["instructions"])
        return StandIn(
            archive, facts["sha256"], archive.stat().st_size, str(facts["made_of"]), instructions
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None


def hash_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _made(
    recipe: StandInRecipe,
    folder: Path,
    name: str,
    on_progress: Report,
    cancelled: threading.Event,
    mirror: str,
) -> StandIn:
    tools = image_tools(lambda step: on_progress(_as_stage("mmdebstrap", step)), cancelled)
    tree = tree_for(recipe, lambda step: on_progress(_as_stage(recipe.tree, step)), cancelled)
    part = None
    if recipe.part:
        part = make(recipe.part, _within(on_progress, 0, _PARTS), cancelled, mirror=mirror)
        on_progress = _within(on_progress, _PARTS, 1)
    debs = cache_dir() / "packages" / f"{Path(recipe.script).stem}-{suite_of(recipe)}"
    debs.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder, name)
    with tempfile.TemporaryDirectory(prefix=f"{name}.work-", dir=folder) as out:
        work = WorkFolders(Path(out), debs, variables_for(tree) | _variables_of(part))
        try:
            bootstrap(recipe, work, on_progress, cancelled, tools, mirror)
        except SetupFailed:
            _drop_damaged(debs, tools)
            raise
        return _store(recipe, work, folder, name)


def _within(on_progress: Report, begin: float, end: float) -> Report:
    """What is reported of a part of the work, told as of all of it."""
    return lambda progress: on_progress(progress.within(begin, end))


def _variables_of(part: StandIn | None) -> dict[str, str]:
    """What a script is told of the archive that goes into its own."""
    if part is None:
        return {}
    return {"WORKBOOK_PART": str(part.path), "WORKBOOK_PART_MADE_OF": part.made_of}


def _store(recipe: StandInRecipe, work: WorkFolders, folder: Path, name: str) -> StandIn:
    archive = work.out / "image.tar"
    versions = (work.out / "packages").read_text(encoding="utf-8").split("\n")
    extra = work.out / "instructions"
    lines = extra.read_text(encoding="utf-8").splitlines() if extra.exists() else []
    facts = {
        "sha256": hash_of(archive),
        "made_of": f"{_BASES[suite_of(recipe)]}: {', '.join(filter(None, versions))}",
        "instructions": [*recipe.instructions, *lines],
    }
    description = work.out / "description.json"
    description.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    archive.replace(folder / f"{name}.tar")
    description.replace(folder / f"{name}.json")
    stored = kept(folder, name)
    if stored is None:
        raise SetupFailed("The finished stand-in could not be read back from the cache.")
    return stored


def _as_stage(what: str, step: TreeProgress) -> BootstrapProgress:
    """The fetching of tools and tree as a stage of the whole, which it comes before."""
    return BootstrapProgress(f"getting {what}", step.words)


def _remove_leftovers(folder: Path, name: str) -> None:
    """Removes what a killed maker left; the lock says that none is at work."""
    for leftover in folder.glob(f"{name}.work-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _drop_damaged(debs: Path, tools: ImageTools) -> None:
    """Removes downloaded packages that are not whole, so that the next try fetches them anew."""
    for deb in debs.glob("*.deb"):
        if not _is_whole(deb, tools):
            deb.unlink(missing_ok=True)


def _is_whole(deb: Path, tools: ImageTools) -> bool:
    words = tools.words("dpkg-deb", "--fsys-tarfile", str(deb))
    return subprocess.run(words, capture_output=True).returncode == 0
