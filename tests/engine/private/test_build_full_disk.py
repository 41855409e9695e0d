"""A disk that fills in the middle of a build: the step and its line, and nothing keeps the tag."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import private_kit as kit
import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.docker import Docker
from helpers.engine.private import PrivateEngine
from helpers.model.build.failure import BuildFailed


@pytest.fixture
def small_disk(store: Path) -> Iterator[Path]:
    """A disk of 100 MB."""
    place = store / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def wait_for_room(disk: Path) -> None:
    """Half of the disk is free: an engine removes what a build left a moment after its answer."""
    pause, deadline = threading.Event(), time.monotonic() + 30
    while shutil.disk_usage(disk).free < 50_000_000:
        assert time.monotonic() < deadline, f"{disk} stays full: {shutil.disk_usage(disk)}"
        pause.wait(0.05)


@pytest.mark.engine
def test_a_disk_that_fills_during_a_build(small_disk: Path, rootfs: bytes) -> None:
    engine = PrivateEngine("wbpriv-fill", data_root=small_disk / "data")
    # The second one goes on without a word, so that the builder finds no room for its layer.
    fails, ends = "RUN cat /dev/zero > /big", "RUN cat /dev/zero > /big || true"
    try:
        engine.start()
        with kit.client_of(engine, rootfs) as client:
            docker = Docker(client, Endpoint(engine.host, "a test"), "tests")
            for buildkit, fill, said in (
                (None, fails, f"Line 3 of the Dockerfile, `{fails}`, failed: "),
                (False, fails, f"Line 3 of the Dockerfile, `{fails}`, failed: "),
                (None, ends, "The builder's own step `exporting to image` failed: "),
            ):
                wait_for_room(small_disk)
                text = f"FROM {kit.IMAGE}\nRUN echo before\n{fill}\n"
                with pytest.raises(BuildFailed) as caught:
                    docker.build("-", "wbpriv-big", stdin=text, buildkit=buildkit)
                assert caught.value.message.startswith(said)
                assert "docker system df" in caught.value.next_step
                assert "wbpriv-big" not in list(docker.images()["name"])
            # The engine cannot even remove anything while its own notes find no room.
            subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
            client.api.prune_builds(all=True)  # with containerd's store an image may be made of it
            assert docker.build("-", "wbpriv-ok", stdin=f"FROM {kit.IMAGE}\nRUN true\n").image_id
    finally:
        engine.remove()
