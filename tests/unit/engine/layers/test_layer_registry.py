"""Images in a registry: only what was never read is fetched, and what comes is checked."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from helpers.engine.layers import analyse_registry
from helpers.errors import ImageUnavailable, InvalidInput, UnreadableImage, WorkbookError
from tests.unit import tar_writer as tar

BASE = tar.layer(tar.file(b"x", b"four"))
TOP = tar.layer(tar.file(b".wh.x"), tar.file(b"y", b"12"))


def packed(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


class Registry:
    """A registry of one repository, `r`: answers by path, and what it was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.wants_token = False
        self.cut_bytes = 0
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0].removeprefix("/v2/r/")
                registry.asked.append(path)
                self._answer(path)

            def _answer(self, path: str) -> None:
                token = self.headers.get("Authorization")
                if path != "/token" and registry.wants_token and token != "Bearer yes":
                    self.send_response(401)
                    realm = f"{registry.host}/token"
                    challenge = (
                        f'Bearer realm="http://{realm}",service="s",scope="repository:r:pull"'
                    )
                    self.send_header("WWW-Authenticate", challenge)
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                body = b'{"token": "yes"}' if path == "/token" else registry.answers.get(path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                cut = registry.cut_bytes if path.startswith("blobs") else 0
                self.wfile.write((body or b"")[: len(body or b"") - cut])

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def hold(self, layers: list[bytes], tag: str, **about: object) -> dict[str, object]:
        """Puts an image there; returns its descriptor."""
        config, blobs = tar.config(layers, **about), [packed(plain) for plain in layers]
        manifest = tar.oci_manifest(config, blobs)
        self.answers |= {f"blobs/{tar.digest(body)}": body for body in (config, *blobs)}
        self.answers |= {f"manifests/{place}": manifest for place in (tag, tar.digest(manifest))}
        return tar.descriptor(manifest, platform={"os": "linux"} | about)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Registry()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.mark.parametrize("wants_token", [False, True])
def test_an_image_is_read_from_its_registry(registry: Registry, wants_token: bool) -> None:
    registry.wants_token = wants_token
    registry.hold([BASE, TOP], "1")
    image = analyse_registry(f"{registry.host}/r:1")
    assert sorted(image.files()) == ["y"]
    assert image.wasted_bytes == 4


def test_only_layers_that_were_never_read_are_fetched(registry: Registry) -> None:
    registry.hold([BASE], "1")
    registry.hold([BASE, TOP], "2")
    analyse_registry(f"{registry.host}/r:1")
    registry.asked.clear()
    analyse_registry(f"{registry.host}/r:2")
    blobs = [path for path in registry.asked if path.startswith("blobs/")]
    assert blobs == [
        f"blobs/{tar.digest(tar.config([BASE, TOP]))}",
        f"blobs/{tar.digest(packed(TOP))}",
    ]


def test_the_platform_is_the_one_that_was_named(registry: Registry) -> None:
    entries = [
        registry.hold([tar.layer(tar.file(name.encode(), b"x"))], name, architecture=name)
        for name in ("amd64", "arm64")
    ]
    registry.answers["manifests/1"] = json.dumps({"manifests": entries}).encode()
    assert list(analyse_registry(f"{registry.host}/r:1", "linux/arm64").files()) == ["arm64"]
    with pytest.raises(InvalidInput, match="linux/amd64"):
        analyse_registry(f"{registry.host}/r:1", "linux/s390x")


def test_bytes_that_are_not_those_of_the_name_are_refused(registry: Registry) -> None:
    registry.hold([BASE], "1")
    place = next(path for path, body in registry.answers.items() if body[:2] == b"\x1f\x8b")
    registry.answers[place] = gzip.compress(TOP)
    with pytest.raises(UnreadableImage, match="not those"):
        analyse_registry(f"{registry.host}/r:1")


@pytest.mark.parametrize("kind", ["sha256", "sha384", "sha512"])
def test_another_manifest_than_the_digest_says_is_refused(registry: Registry, kind: str) -> None:
    registry.hold([BASE], "1")
    manifest = registry.answers["manifests/1"]
    digest = f"{kind}:{hashlib.new(kind, manifest).hexdigest()}"
    registry.answers[f"manifests/{digest}"] = manifest
    assert list(analyse_registry(f"{registry.host}/r@{digest}").files()) == ["x"]
    registry.hold([TOP], "2")
    registry.answers[f"manifests/{digest}"] = registry.answers["manifests/2"]
    with pytest.raises(UnreadableImage, match="other bytes"):
        analyse_registry(f"{registry.host}/r@{digest}")


def test_another_manifest_than_the_list_says_is_refused(registry: Registry) -> None:
    entry = registry.hold([BASE], "1")
    registry.hold([TOP], "2")
    registry.answers["manifests/both"] = json.dumps({"manifests": [entry]}).encode()
    registry.answers[f"manifests/{entry['digest']}"] = registry.answers["manifests/2"]
    with pytest.raises(UnreadableImage, match="other bytes"):
        analyse_registry(f"{registry.host}/r:both")


def test_another_config_than_the_manifest_says_is_refused(registry: Registry) -> None:
    registry.hold([BASE], "1")
    place = f"blobs/{tar.digest(tar.config([BASE]))}"
    registry.answers[place] = tar.config([BASE], ["RUN something else"])
    with pytest.raises(UnreadableImage, match="other bytes"):
        analyse_registry(f"{registry.host}/r:1")


@pytest.mark.parametrize(
    ("kind", "match"), [("sha512", "not those"), ("sha384", "not those"), ("crc32", "not known")]
)
def test_layers_are_checked_by_the_kind_of_their_own_name(
    registry: Registry, kind: str, match: str
) -> None:
    rootfs = {"type": "layers", "diff_ids": [f"{kind}:{'0' * 128}"]}
    registry.hold([BASE], "1", rootfs=rootfs)
    with pytest.raises(UnreadableImage, match=match):
        analyse_registry(f"{registry.host}/r:1")


def test_a_list_that_leads_to_a_list_is_refused(registry: Registry) -> None:
    inner = json.dumps({"manifests": [registry.hold([BASE], "1")]}).encode()
    registry.answers[f"manifests/{tar.digest(inner)}"] = inner
    outer = {"manifests": [tar.descriptor(inner)]}
    registry.answers["manifests/2"] = json.dumps(outer).encode()
    with pytest.raises(UnreadableImage, match="list of lists"):
        analyse_registry(f"{registry.host}/r:2")


def test_a_registry_that_breaks_off_is_an_error_in_words(registry: Registry) -> None:
    registry.hold([tar.layer(tar.file(b"x", bytes(range(256)) * 99))], "1")
    registry.cut_bytes = 20
    with pytest.raises(WorkbookError):
        analyse_registry(f"{registry.host}/r:1")


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b"{}", b'{"config": 1, "layers": []}'])
def test_manifests_that_make_no_sense_are_refused(registry: Registry, manifest: bytes) -> None:
    registry.answers["manifests/1"] = manifest
    with pytest.raises(UnreadableImage):
        analyse_registry(f"{registry.host}/r:1")


def test_what_is_not_there_is_said(registry: Registry) -> None:
    with pytest.raises(ImageUnavailable, match="404"):
        analyse_registry(f"{registry.host}/r:9")


def test_a_registry_that_does_not_answer_is_said() -> None:
    with pytest.raises(ImageUnavailable, match="cannot be reached"):
        analyse_registry("127.0.0.1:1/r:1")
