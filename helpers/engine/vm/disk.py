"""A VM's disk: the files of an image as an ext4 file system, made once and kept in a volume."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import closing, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import state_dir
from helpers.engine.base.origin import is_own_volume
from helpers.engine.base.origin_ledger import VOLUMES, asked_for, engine_id
from helpers.engine.base.packing import packed
from helpers.engine.base.removal import removed_afterwards
from helpers.engine.container.create import create_container
from helpers.engine.vm.tools import must_succeed, run_tool
from helpers.errors import EngineError, NameInUse
from helpers.model.container.run_settings import RunSettings
from helpers.model.image.digest import short_id
from helpers.model.text.answer_parts import text_in
from helpers.model.vm.guest import Guest

if TYPE_CHECKING:
    from docker import DockerClient

MOUNT_POINT = "/vm"
_SPARE_KB = 128 * 1024
_MARK = f"{MOUNT_POINT}/whole"


def disk_of(client: DockerClient, image_id: str, guest: Guest, lesson: str) -> str:
    """The volume that holds the image's disk and settings; made where there is none.

    Two that want the same one wait for each other. Raises EngineError or DiskFull; then nothing
    half made is left.
    """
    name = f"docker-workbook-vm-{short_id(image_id)}"
    both = f"{engine_id(client)} {name}"
    lock = state_dir() / "locks" / f"disk-{sha256(both.encode()).hexdigest()[:16]}.lock"
    with exclusive(lock, threading.Event()):
        if not _is_whole(client, name):
            _make(client, name, image_id, guest, lesson)
    return name


def size_bytes(client: DockerClient, volume: str, lesson: str) -> dict[str, int]:
    """What the disk, the kernel and the initrd take on the engine's disk, in bytes."""
    run = run_tool(client, lesson, ["vm-size"], volumes={volume: f"{MOUNT_POINT}:ro"})
    lines = must_succeed(run, "Measuring the disk").splitlines()
    return {path: int(size) for path, size in (line.split() for line in lines)}


def birth_of(client: DockerClient, volume: str) -> str | None:
    """When the engine made the volume, in its own words; None where it is gone."""
    with translated("docker volume inspect"):
        try:
            return text_in(client.api.inspect_volume(volume), "CreatedAt")
        except NotFound:
            return None


def _is_whole(client: DockerClient, name: str) -> bool:
    """Whether the volume is there and was finished: a mark in it says so."""
    if birth_of(client, name) is None:
        return False
    run = run_tool(client, "none", ["test", "-e", _MARK], volumes={name: f"{MOUNT_POINT}:ro"})
    return run.exit_code == 0


def _make(client: DockerClient, name: str, image_id: str, guest: Guest, lesson: str) -> None:
    api = client.api

    def fill(made: str) -> None:
        api.put_archive(made, MOUNT_POINT, packed({"app": guest.settings().encode()}))
        with closing(_files_of(client, image_id, lesson)) as files:
            api.put_archive(made, "/files", files)

    if birth_of(client, name) is not None and not is_own_volume(client, name):
        raise NameInUse(
            f"There is a volume named {name!r} already, and the workbook did not make it.",
            f"Remove it if it is yours and not needed: `docker volume rm {name}`.",
        )
    try:
        with translated("docker volume create"):
            note = asked_for(client, lesson, VOLUMES, name=name)
            api.create_volume(name, labels=note.labels)
            note.made(name)
        words = ["vm-disk", str(_SPARE_KB)]
        run = run_tool(client, lesson, words, fill, volumes={name: MOUNT_POINT})
        must_succeed(run, "Making the VM's disk")
    except BaseException:
        with suppress(EngineError), translated("docker volume rm"):
            api.remove_volume(name)
        raise


def _files_of(client: DockerClient, image_id: str, lesson: str) -> Generator[bytes, None, None]:
    """The files that a container of the image sees, as tar; the container never runs."""
    api = client.api
    made = create_container(client, image_id, ["-"], RunSettings(), lesson)
    with removed_afterwards(lambda: api.remove_container(made, v=True, force=True)):
        yield from api.export(made)
