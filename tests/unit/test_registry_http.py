"""A registry's API, from a server that answers as several kinds of registry do."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.engine.registry_answer import asked
from helpers.engine.registry_http import RegistryHttp, refusal
from helpers.engine.registry_layers import of_platform
from helpers.errors import (
    InvalidInput,
    NotInRegistry,
    RegistryError,
    RegistryFull,
    RegistryGone,
    UnreadableImage,
    WrongDigest,
)
from helpers.model.registry_manifest import RegistryManifest

Reply = tuple[int, dict[str, str], bytes]
PLATFORMS = ["linux/amd64", "linux/arm64/v8", "linux/arm/v7", "linux/s390x", "windows/amd64"]


@contextmanager
def server(reply: Callable[[str, str, dict[str, str]], Reply]) -> Iterator[RegistryHttp]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            status, headers, body = reply(self.command, self.path, dict(self.headers))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        http = RegistryHttp(f"localhost:{httpd.server_port}")
        try:
            yield http
        finally:
            http._session.close()
            httpd.shutdown()


def digest_of(body: bytes) -> str:
    return f"sha256:{sha256(body).hexdigest()}"


def image(number: int = 0) -> bytes:
    layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 7}
    return json.dumps(
        {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {**layer, "digest": f"sha256:{number:064}"},
            "layers": [{**layer, "digest": f"sha256:{number + 1:064}"}],
        }
    ).encode()


def listed(entries: dict[str, bytes]) -> bytes:
    manifests = [
        {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "size": len(body),
            "digest": digest_of(body),
            "platform": dict(
                zip(("os", "architecture", "variant"), platform.split("/"), strict=False)
            ),
        }
        for platform, body in entries.items()
    ]
    attestation = {
        **manifests[0],
        "digest": digest_of(b"?"),
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }
    kind = "application/vnd.oci.image.index.v1+json"
    return json.dumps({"mediaType": kind, "manifests": [*manifests, attestation]}).encode()


def pages(whole: list[str], page: int, absolute: bool) -> Callable[..., Reply]:
    """Lists in pages, as the specification has them: `last` and a Link to what follows."""

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        asked = parse_qs(urlsplit(path).query)
        first = whole.index(asked["last"][0]) + 1 if "last" in asked else 0
        part = whole[first : first + page]
        link = f"/v2/app/tags/list?last={part[-1]}&n={page}"
        link = f"http://{headers['Host']}{link}" if absolute else link
        more = {"Link": f'<{link}>; rel="next"'} if first + page < len(whole) else {}
        return 200, more, json.dumps({"name": "app", "tags": part}).encode()

    return reply


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize("page", [3000, 100, 7])
def test_two_thousand_tags_are_listed_in_full(page: int, absolute: bool) -> None:
    whole = [f"v{number:04}" for number in range(2000)]
    with server(pages(whole, page, absolute)) as http:
        assert http.tags("app") == whole


def test_a_list_that_leads_in_circles_ends() -> None:
    circle = {"Link": '</v2/app/tags/list?n=1000>; rel="next"'}
    with server(lambda *_: (200, circle, b'{"tags": ["a"]}')) as http:
        assert http.tags("app") == ["a"]


def test_a_repository_whose_tags_are_all_gone_has_none() -> None:
    with server(lambda *_: (200, {}, b'{"name": "app", "tags": null}')) as http:
        assert http.tags("app") == []


def test_every_platform_of_a_list_is_named_and_attestations_are_no_images() -> None:
    bodies = {platform: image(number) for number, platform in enumerate(PLATFORMS)}
    whole = listed(bodies)

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        place = path.rpartition("/")[2]
        found = {digest_of(body): body for body in bodies.values()} | {"1": whole}
        return 200, {"Docker-Content-Digest": digest_of(found[place])}, found[place]

    with server(reply) as http:
        found = http.manifest("app", "1")
        assert found.is_list
        assert list(found.platforms) == PLATFORMS
        assert len(found.manifests) == len(PLATFORMS) + 1
        assert all(platform in repr(found) for platform in PLATFORMS)
        for platform, body in bodies.items():
            assert of_platform(http, "app", found, platform).body == body
        assert of_platform(http, "app", found, "linux/arm64").body == bodies["linux/arm64/v8"]
        with pytest.raises(InvalidInput, match="linux/riscv64"):
            of_platform(http, "app", found, "linux/riscv64")


def test_other_bytes_than_asked_for_are_refused_by_digest_and_by_header() -> None:
    with server(lambda *_: (200, {}, image())) as http:
        with pytest.raises(WrongDigest, match="other bytes"):
            http.manifest("app", digest_of(b"another"))
        assert http.manifest("app", "1").digest == digest_of(image())
    lie = {"Docker-Content-Digest": digest_of(b"another")}
    with server(lambda *_: (200, lie, image())) as http, pytest.raises(WrongDigest):
        http.manifest("app", "1")


@pytest.mark.parametrize("kind", ["sha256", "sha384", "sha512"])
def test_bytes_are_checked_by_a_digest_of_each_kind(kind: str) -> None:
    right = f"{kind}:{hashlib.new(kind, image()).hexdigest()}"
    wrong = f"{kind}:{hashlib.new(kind, b'another').hexdigest()}"
    with server(lambda *_: (200, {}, image())) as http:
        assert http.manifest("app", right).body == image()
        assert http.config("app", right) == image()
        for ask in (http.manifest, http.config):
            with pytest.raises(WrongDigest, match="other bytes"):
                ask("app", wrong)


def test_a_kind_of_digest_that_cannot_be_checked_is_refused_in_words() -> None:
    strange = {"Docker-Content-Digest": "crc32:0badcafe"}
    unknown = pytest.raises(UnreadableImage, match=r"crc32.* not known here")
    with server(lambda *_: (200, strange, image())) as http, unknown as caught:
        http.manifest("app", "1")
    assert "sha512" in caught.value.next_step


def test_a_digest_is_worked_out_where_no_header_names_it() -> None:
    with server(lambda *_: (200, {}, image())) as http:
        assert http.digest("app", "1") == digest_of(image())


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"{}", b'{"config": 1}', b'{"layers": []}'])
def test_manifests_that_make_no_sense(body: bytes) -> None:
    with pytest.raises(UnreadableImage, match="no sense"):
        RegistryManifest.parse("app:1", body)


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (404, "NAME_UNKNOWN", NotInRegistry, "no such repository"),
        (404, "MANIFEST_UNKNOWN", NotInRegistry, "no such image"),
        (401, "UNAUTHORIZED", RegistryError, "wants a login"),
        (405, "UNSUPPORTED", RegistryError, "does not allow"),
        (500, "UNKNOWN: no space left on device", RegistryFull, "is full"),
        (503, "", RegistryError, "answered 503"),
    ],
)
def test_refusals_are_told_in_words(
    status: int, code: str, kind: type[RegistryError], words: str
) -> None:
    error = refusal("localhost:5000", "/v2/app/manifests/1", status, code)
    assert type(error) is kind
    assert words in error.message
    body = json.dumps({"errors": [{"code": code, "message": ""}]}).encode()
    with server(lambda *_: (status, {}, body)) as http, pytest.raises(kind, match=words):
        http.manifest("app", "1")


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
    monkeypatch.setattr("helpers.engine.registry_http.MOST_DOCUMENT_BYTES", 100_000)
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
