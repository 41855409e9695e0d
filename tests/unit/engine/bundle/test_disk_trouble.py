"""What this machine's disk refuses while images come is told in words, as what it is."""

from __future__ import annotations

import errno
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from helpers.engine.bundle import resumed_fetch
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.load import load_image
from helpers.engine.supply.image_supply import ImageSupply
from helpers.errors import DamagedBundle, DiskFull, ImageUnavailable
from helpers.model.supply.catalogue import VM_TOOLS
from tests.unit.bundle_kit import make, served

FULL = OSError(errno.ENOSPC, "No space left on device")
PULLED_OUT = OSError(errno.EIO, "Input/output error")

pytestmark = pytest.mark.usefixtures("cut_off_home")


class Engine:
    """A client of an engine that has no image at all."""

    def __init__(self) -> None:
        self.api = self

    def inspect_image(self, name: str) -> dict[str, Any]:
        raise ImageNotFound(name)

    def images(self) -> list[dict[str, Any]]:
        return []

    def info(self) -> dict[str, Any]:
        return {"ID": "e", "Labels": []}

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": "amd64"}


@pytest.fixture
def bundle(tmp_path: Path) -> BundleFile:
    return make(tmp_path / "lessons.tar")


def failing(error: OSError) -> Any:
    def fail(*_: object, **__: object) -> Any:
        raise error

    return fail


def test_a_full_disk_while_a_room_is_asked(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumed_fetch, "_write", failing(FULL))
    with served(bundle) as (_, http):
        monkeypatch.setenv("WORKBOOK_FROM", f"{http.base}/#{bundle.digest}")
        with pytest.raises(DiskFull, match=r"The disk that .*cache is on is full") as caught:
            ImageSupply(Engine()).ensure("app:1")
    assert "Make room" in caught.value.next_step


def test_a_cache_that_cannot_be_written_ends_a_source_not_the_lab(
    bundle: BundleFile, cut_off_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cut_off_home / "cache").mkdir()
    (cut_off_home / "cache" / "served").write_text("a file where a folder should be")
    (cut_off_home / "cache" / "vm").write_text("likewise")
    with served(bundle) as (_, http):
        monkeypatch.setenv("WORKBOOK_FROM", f"{http.base}/#{bundle.digest}")
        with pytest.raises(ImageUnavailable, match=r"the room's server: [\w ]+: .*served"):
            ImageSupply(Engine()).ensure("app:1")
    monkeypatch.delenv("WORKBOOK_FROM")
    with pytest.raises(ImageUnavailable, match=r"the workbook's recipe: [\w ]+: .*vm"):
        ImageSupply(Engine()).ensure(VM_TOOLS)


@contextmanager
def taker() -> Iterator[DockerClient]:
    """A client of something that takes whatever is sent, as an engine does while it loads."""

    def take(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line:
            while line.recv(1 << 16):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=take, args=(listening,))
        thread.start()
        client = DockerClient(f"tcp://127.0.0.1:{listening.getsockname()[1]}", version="1.41")
        try:
            yield client
        finally:
            client.close()
            thread.join(5)


class Stick:
    """A bundle's blobs on a stick that is pulled out behind the config."""

    def __init__(self, bundle: BundleFile, config: str, error: OSError) -> None:
        self._bundle, self._config, self._error = bundle, config, error

    def chunks(self, digest: str) -> Iterator[bytes]:
        for chunk in self._bundle.chunks(digest):
            yield chunk
            if digest != self._config:
                raise self._error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (PULLED_OUT, DamagedBundle, r"bytes of app:1 cannot be read \(Input/output error\)"),
        (FULL, DiskFull, "The disk that .* is on is full"),
    ],
)
def test_a_bundle_that_cannot_be_read_is_not_taken_for_an_engine_that_stopped(
    bundle: BundleFile, error: OSError, kind: type[Exception], words: str
) -> None:
    manifest = bundle.manifest(bundle.images[0])
    assert manifest.config
    stick = Stick(bundle, manifest.config.digest, error)
    with taker() as client, pytest.raises(kind, match=words):
        load_image(client, "app:1", manifest, stick, lambda *_: None)


def test_no_room_for_a_layer_of_unknown_size_is_a_full_disk(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", failing(FULL))
    monkeypatch.setattr("helpers.engine.bundle.load.content_bytes", lambda _: None)
    manifest = bundle.manifest(bundle.images[0])
    with taker() as client, pytest.raises(DiskFull):
        load_image(client, "app:1", manifest, bundle, lambda *_: None)
