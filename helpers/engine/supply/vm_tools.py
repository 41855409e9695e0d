"""The VM tools as an archive in the cache: QEMU, a kernel and what makes a disk.

Made once, in a container of a Debian on the learner's engine, so that it works wherever an engine
does (macOS and Windows too) and nothing is installed on the machine.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import cache_dir
from helpers.engine.base.labels import NO_LESSON
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import CONTAINERS, asked_for
from helpers.engine.base.packing import packed
from helpers.engine.base.pump import pumped
from helpers.engine.base.removal import removed_afterwards
from helpers.engine.host.trust import machine_trust
from helpers.engine.supply.source_failed import SourceFailed, engine_answers, fail
from helpers.model.text.answer_parts import count_or_none

if TYPE_CHECKING:
    from docker import DockerClient

SCRIPTS = Path(__file__).parents[1] / "vm" / "inside"
BASE = "python:3.13-slim"
_FORMAT = 1
_STAGE, _MADE = "stage ", "made "
OnStage = Callable[[str], None]


@dataclass(frozen=True)
class ToolsArchive:
    """A finished archive: the tree as tar, and in words what it was made of."""

    path: Path
    made_of: str


def recipe_key() -> str:
    """A short hash of all that the tools are made by; an image carries the one it was made by."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.sh"))]
    return sha256(json.dumps([_FORMAT, BASE, texts]).encode()).hexdigest()[:16]


def tools_archive(
    client: DockerClient,
    architecture: str,
    supply_base: Callable[[], None],
    on_stage: OnStage,
    cancelled: threading.Event,
) -> ToolsArchive:
    """The archive for that architecture, from the cache where it is whole, else made now.

    Raises SourceFailed, Interrupted, DiskFull or EngineGone; then nothing is left of it.
    """
    folder = cache_dir() / "vm"
    name = f"tools-{architecture}-{recipe_key()}"
    with exclusive(folder / f"{name}.lock", cancelled):
        archive = kept(folder, name)
        if archive is None:
            supply_base()
            with engine_answers():
                _make(client, folder / name, on_stage, cancelled)
            archive = kept(folder, name)
    if archive is None:
        raise SourceFailed("the finished archive could not be read back from the cache")
    return archive


def kept(folder: Path, name: str) -> ToolsArchive | None:
    """The archive of that name if it is in the cache and undamaged."""
    path = folder / f"{name}.tar"
    try:
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with path.open("rb") as file:
            is_whole = file_digest(file, "sha256").hexdigest() == document["sha256"]
        return ToolsArchive(path, str(document["made_of"])) if is_whole else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _make(client: DockerClient, path: Path, on_stage: OnStage, cancelled: threading.Event) -> None:
    """Leaves path.tar and path.json; the container it is made in is gone afterwards."""
    api = client.api
    note = asked_for(client, NO_LESSON, CONTAINERS, image=BASE)
    answer = api.create_container(
        BASE,
        ["sh", "/scripts/make_tools.sh", "/scripts"],
        environment=dict(machine_trust().proxies),
        labels=note.labels,
        entrypoint=[],
        user="root",
    )
    note.made(made := id_in(answer, "docker create"))

    def remove() -> None:
        api.remove_container(made, v=True, force=True)

    with removed_afterwards(remove):
        scripts = {f"scripts/{file.name}": file.read_bytes() for file in SCRIPTS.glob("*.sh")}
        api.put_archive(made, "/", packed(scripts))
        api.start(made)
        made_of = _follow(client, made, on_stage, cancelled)
        _store(client, made, path, made_of, cancelled)


def _follow(client: DockerClient, made: str, on_stage: OnStage, cancelled: threading.Event) -> str:
    """What the container says that it made; raises SourceFailed with its last word otherwise."""
    lines: list[str] = []
    for line in pumped(_lines(client, made), cancelled):
        lines.append(line)
        if line.startswith(_STAGE):
            on_stage(line.removeprefix(_STAGE))
    if count_or_none(client.api.wait(made), "StatusCode") or not (
        lines and lines[-1].startswith(_MADE)
    ):
        errors = [line for line in lines if line.startswith(("E: ", "Err:"))] or lines[-1:]
        raise fail(errors[-1] if errors else "it ended without a word")
    return lines[-1].removeprefix(_MADE)


def _lines(client: DockerClient, made: str) -> Iterator[str]:
    """What the container prints, line by line, until it ends."""
    waiting = ""
    for chunk in client.api.logs(made, stream=True, follow=True):
        *lines, waiting = (waiting + chunk.decode(errors="replace")).split("\n")
        yield from (line.strip() for line in lines if line.strip())
    if waiting.strip():
        yield waiting.strip()


def _store(
    client: DockerClient, made: str, path: Path, made_of: str, cancelled: threading.Event
) -> None:
    try:
        chunks, _ = client.api.get_archive(made, "/out/.")
    except NotFound:
        raise SourceFailed("the container that made it left nothing") from None
    digest, fresh = sha256(), path.with_suffix(f".{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            for chunk in pumped(chunks, cancelled):
                digest.update(chunk)
                file.write(chunk)
        document = {"sha256": digest.hexdigest(), "made_of": made_of}
        path.with_name(f"{path.name}.json").write_text(json.dumps(document), encoding="utf-8")
        fresh.replace(path.with_name(f"{path.name}.tar"))
    finally:
        fresh.unlink(missing_ok=True)
