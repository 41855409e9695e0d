"""A served bundle in a real room: files saved over it, laptops closed, cables pulled."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from helpers.engine.bundle import answers, bounded_http
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.offered_images import OfferedImages
from helpers.engine.bundle.opened_file import OpenedFile
from helpers.engine.bundle.server import BundleServer, own_addresses
from helpers.errors import DamagedBundle, InvalidInput, WorkbookError
from helpers.model.supply.catalogue import VM_TOOLS
from tests.unit.bundle_kit import digest, make, make_labelled, served


@pytest.fixture
def bundle(tmp_path: Path) -> BundleFile:
    return make(tmp_path / "lessons.tar")


def connected(server: BundleServer, request: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.server_port), 10)
    line.sendall(request)
    return line


def blob_request(bundle: BundleFile) -> bytes:
    return f"GET /v2/library/app/blobs/{large_blob(bundle)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def large_blob(bundle: BundleFile) -> str:
    return bundle.manifest(bundle.images[0]).layers[0].digest


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_a_bundle_saved_over_a_served_one_changes_nothing_of_it(
    bundle: BundleFile, tmp_path: Path
) -> None:
    blobs = [blob.digest for image in bundle.images for blob in bundle.manifest(image).blobs]
    with served(bundle) as (_, http):
        make_labelled(tmp_path / "other.tar", {VM_TOOLS: {}}).path.replace(bundle.path)
        for one in blobs:
            assert digest(b"".join(http.blob("library/app", one))) == one
    bundle.verify()


@pytest.mark.parametrize("has_pread", [True, False])
def test_many_readers_of_one_file_do_not_disturb_each_other(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch, has_pread: bool
) -> None:
    if not has_pread:
        monkeypatch.delattr("os.pread", raising=False)
    monkeypatch.setattr("helpers.engine.bundle.opened_file.CHUNK_BYTES", 100)
    whole, file, wrong = bundle.path.read_bytes(), OpenedFile(bundle.path), list[int]()

    def read(start: int) -> None:
        if b"".join(file.stretch(start, 20_000)) != whole[start : start + 20_000]:
            wrong.append(start)

    threads = [threading.Thread(target=read, args=(start,)) for start in range(0, 8000, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_file_that_shrinks_is_told_in_words(
    bundle: BundleFile, capfd: pytest.CaptureFixture[str]
) -> None:
    told, blob = list[WorkbookError](), large_blob(bundle)
    with BundleServer(bundle, 0, "127.0.0.1", told.append) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        bundle.path.write_bytes(bundle.path.read_bytes()[:2000])
        address = f"http://127.0.0.1:{server.server_port}/v2/library/app/blobs/{blob}"
        assert requests.get(address, timeout=10).status_code == 500
    assert [type(error) for error in told] == [DamagedBundle]
    assert "cannot be read (it ends too early)" in told[0].message
    assert capfd.readouterr().err == ""


def test_whoever_breaks_off_is_no_traceback(
    bundle: BundleFile, capfd: pytest.CaptureFixture[str]
) -> None:
    with served(bundle) as (server, http):
        for request in (b"GET /v2/ HT", blob_request(bundle)):
            line = connected(server, request)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        assert http.tags("library/app") == ["1", "2"]
    assert capfd.readouterr().err == ""


def test_what_is_wrong_with_the_server_itself_is_still_told(
    bundle: BundleFile, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: OfferedImages) -> str:
        raise RuntimeError("a mistake\x1b[2J")

    monkeypatch.setattr(OfferedImages, "page", failing)
    with (
        served(bundle) as (server, _),
        connected(server, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") as line,
    ):
        assert line.recv(12) == b"HTTP/1.1 500"
    shown = capfd.readouterr().err
    assert "a mistake" in shown
    assert "\x1b" not in shown


def test_a_laptop_that_fell_asleep_holds_nothing(
    bundle: BundleFile, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bounded_http.SILENT_SECONDS <= 30
    assert answers.STALLED_SECONDS <= 300
    monkeypatch.setattr(bounded_http, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(answers, "STALLED_SECONDS", 0.2)
    monkeypatch.setattr(BundleFile, "blob_size", lambda self, digest: 1 << 40)
    monkeypatch.setattr(BundleFile, "piece", lambda self, digest, start, size: bytes(size))
    with served(bundle) as (server, _):
        with connected(server, b"") as silent:
            assert silent.recv(1) == b""
        with connected(server, blob_request(bundle)) as asleep:
            while server.busy_count or not server.served_bytes:
                time.sleep(0.01)
            asleep.settimeout(10)
            with contextlib.suppress(ConnectionError):
                while asleep.recv(1 << 20):
                    pass
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("address", "found"), [("10.0.0.7", ["10.0.0.7"]), ("0.0.0.0", [])])
def test_only_addresses_that_are_listened_at_are_told(
    monkeypatch: pytest.MonkeyPatch, address: str, found: list[str]
) -> None:
    """The server speaks IPv4 alone."""

    class Line:
        def __init__(self, family: int, kind: int) -> None:
            self._is_six = family == socket.AF_INET6

        def __enter__(self) -> Line:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is open."""

        def connect(self, far: object) -> None:
            """A way is there."""

        def getsockname(self) -> tuple[str, int]:
            return ("2001:db8::7" if self._is_six else address, 9)

    monkeypatch.setattr(socket, "socket", Line)
    assert own_addresses() == found


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_a_bundle_that_may_not_be_read_is_said(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refusing)
    with pytest.raises(InvalidInput, match=r"cannot be read \(Permission denied\)"):
        BundleFile(bundle.path)
