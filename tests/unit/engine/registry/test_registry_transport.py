"""How a registry is spoken to: proxies, tokens, packed answers, and transfers that break off."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from helpers.engine.registry.answer import asked
from helpers.engine.registry.http import RegistryHttp
from helpers.errors import RegistryError, RegistryGone
from tests.unit.registry_server import Reply, digest_of, image, server


def test_bytes_are_asked_for_as_they_stand_in_the_registry() -> None:
    """As nginx does with `gzip on`: it packs what is asked for with Accept-Encoding: gzip."""

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        body = b'{"tags": ["a"]}' if path.partition("?")[0].endswith("list") else image()
        if "gzip" in headers.get("Accept-Encoding", ""):
            return 200, {"Content-Encoding": "gzip"}, gzip.compress(body)
        return 200, {}, body

    with server(reply) as http:
        assert http.tags("app") == ["a"]
        assert http.manifest("app", digest_of(image())).body == image()
        assert b"".join(http.blob("app", digest_of(image()))) == image()


@pytest.mark.parametrize("size", [20, 1_000_000])
def test_documents_that_come_packed_all_the_same_are_unpacked(size: int) -> None:
    tags = [f"{number:010}" for number in range(size // 10)]
    body = json.dumps({"tags": tags}).encode()
    packed = gzip.compress(body)
    with server(lambda *_: (200, {"Content-Encoding": "gzip"}, packed)) as http:
        assert http.tags("app") == tags
        assert asked(http, "/v2/app/tags/list").json() == {"tags": tags}


def test_a_packed_document_that_breaks_off_or_never_ends_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed = gzip.compress(json.dumps({"tags": ["a" * 1000] * 1000}).encode())
    kind = {"Content-Encoding": "gzip"}
    cut = {**kind, "Content-Length": str(len(packed))}
    broken = pytest.raises(RegistryGone, match="broke off")
    with server(lambda *_: (200, cut, packed[:-20])) as http, broken:
        http.tags("app")
    monkeypatch.setattr("helpers.engine.registry.http.MOST_DOCUMENT_BYTES", 100_000)
    endless = pytest.raises(RegistryError, match="more than 100,000 bytes")
    with server(lambda *_: (200, kind, packed)) as http, endless:
        http.tags("app")


def test_an_answer_that_breaks_off_is_said() -> None:
    cut = {"Content-Length": "1000"}
    with server(lambda *_: (200, cut, b"{")) as http, pytest.raises(RegistryGone, match="broke"):
        http.manifest("app", "1")


def test_a_blob_goes_on_from_where_it_broke_off() -> None:
    whole = bytes(range(256))

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        if "Range" not in headers:
            return 200, {}, whole
        return 206, {}, whole[int(headers["Range"][6:-1]) :]

    with server(reply) as http:
        assert b"".join(http.blob("app", "sha256:x")) == whole
        assert b"".join(http.blob("app", "sha256:x", 200)) == whole[200:]
    with server(lambda *_: (200, {}, whole)) as http, pytest.raises(ValueError, match="parts"):
        next(http.blob("app", "sha256:x", 200))


def test_addresses_and_how_they_are_spoken_to() -> None:
    bases = {
        "localhost:5000": "http://localhost:5000",
        "127.0.0.1:5000": "http://127.0.0.1:5000",
        "ghcr.io": "https://ghcr.io",
        "docker.io": "https://registry-1.docker.io",
        "http://192.0.2.7:4040/": "http://192.0.2.7:4040",
    }
    assert {address: RegistryHttp(address).base for address in bases} == bases


def test_a_token_that_is_no_longer_good_is_asked_for_again() -> None:
    good: set[str] = set()
    given: list[str] = []

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        if path.startswith("/token"):
            given.append(f"token-{len(given)}")
            good.clear()
            good.add(f"Bearer {given[-1]}")
            return 200, {}, json.dumps({"token": given[-1]}).encode()
        if headers.get("Authorization") not in good:
            realm = f'Bearer realm="http://{headers["Host"]}/token",service="s"'
            return 401, {"WWW-Authenticate": realm}, b""
        return 200, {}, image()

    with server(reply) as http:
        for _ in range(3):
            assert http.manifest("app", "1").body == image()
        assert len(given) == 1
        good.clear()
        assert http.manifest("app", "1").body == image()
        assert len(given) == 2


def test_a_registry_that_takes_no_token_is_asked_twice_and_no_more() -> None:
    asked: list[str] = []

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        asked.append(path.partition("?")[0])
        if path.startswith("/token"):
            return 200, {}, b'{"token": "never good"}'
        realm = f'Bearer realm="http://{headers["Host"]}/token",service="s"'
        return 401, {"WWW-Authenticate": realm}, b""

    place = "/v2/app/manifests/1"
    with server(reply) as http, pytest.raises(RegistryError, match="wants a login"):
        http.manifest("app", "1")
    assert asked == [place, "/token", place]


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_server_of_the_local_network_is_not_asked_for_through_a_proxy(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    with server(lambda *_: (200, {}, b'{"tags": ["a"]}')) as http:
        # Another of this machine's own addresses, which does not read as loopback.
        there = RegistryHttp(http.base.replace("localhost", "0.0.0.0"))
        assert there.tags("app") == ["a"]
        there._session.close()


@pytest.mark.parametrize("address", ["docker.io", "ghcr.io", "https://registry.example"])
def test_a_registry_far_away_is_asked_for_through_the_proxy(address: str) -> None:
    assert RegistryHttp(address)._session.trust_env


BLOB = bytes(range(256)) * 400
PACKED = {
    "gzip": gzip.compress(BLOB),
    "x-gzip": gzip.compress(BLOB),
    "deflate": zlib.compress(BLOB),
}


@pytest.mark.parametrize("coding", PACKED)
def test_a_blob_that_a_proxy_packed_again_is_unpacked(coding: str) -> None:
    """As Go's transport does it for Docker, whose registries are asked through such proxies."""
    reply: Reply = 200, {"Content-Encoding": coding}, PACKED[coding]
    with server(lambda *_: reply) as http:
        for size_bytes in (None, len(BLOB)):
            whole = http.blob("app", digest_of(BLOB), size_bytes=size_bytes)
            assert b"".join(whole) == BLOB


def test_a_packed_layer_that_is_called_packed_stays_as_it_is() -> None:
    """As object stores label what was put there: the blob itself is packed."""
    blob = PACKED["gzip"]
    with server(lambda *_: (200, {"Content-Encoding": "gzip"}, blob)) as http:
        assert b"".join(http.blob("app", digest_of(blob), size_bytes=len(blob))) == blob


def test_there_are_no_parts_of_a_blob_that_a_proxy_packed_again() -> None:
    reply: Reply = 206, {"Content-Encoding": "gzip"}, PACKED["gzip"][200:]
    with server(lambda *_: reply) as http, pytest.raises(ValueError, match="parts"):
        next(http.blob("app", digest_of(BLOB), 200))
