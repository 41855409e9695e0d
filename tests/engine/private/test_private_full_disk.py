"""A disk that fills while containers run: one sentence, nothing half made, and it mends."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import private_kit as kit
import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.docker import Docker
from helpers.engine.private import PrivateEngine
from helpers.errors import DiskFull


@pytest.fixture
def small_disk(store: Path) -> Iterator[Path]:
    """A disk of 100 MB."""
    place = store / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(path: Path) -> None:
    """Writes until the disk says no."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(100_000))


@pytest.mark.engine
def test_a_full_disk_is_named_and_leaves_no_container(small_disk: Path, rootfs: bytes) -> None:
    engine = PrivateEngine("wbpriv-small", data_root=small_disk / "data")
    try:
        engine.start()
        with kit.client_of(engine, rootfs) as client:
            docker = Docker(client, Endpoint(engine.host, "a test"), "tests")
            docker.run(kit.IMAGE, "sleep 600", name="wbpriv-writer")
            filler = small_disk / "filler"
            with pytest.raises(OSError, match="No space left"):
                fill(filler)
            with pytest.raises(DiskFull, match="The engine's disk is full") as caught:
                docker.run(kit.IMAGE, "sleep 600", name="wbpriv-late")
            assert "docker system df" in caught.value.next_step
            filler.unlink()
            assert "wbpriv-late" not in list(docker.ps(all=True)["name"])
            assert docker.run(kit.IMAGE, "echo room again", detach=False).exit_code == 0
    finally:
        engine.remove()
