"""A registry's API, from a server that answers as several kinds of registry do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.engine.registry.refusals import refusal
from helpers.errors import (
    InvalidInput,
    NotInRegistry,
    RegistryError,
    RegistryFull,
    UnreadableImage,
    WrongDigest,
)
from helpers.model.image.descriptor import INDEX_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.index import Index
from helpers.model.image.manifest import manifest_or_index
from helpers.model.image.platform import Platform
from tests.unit.registry_server import Reply, digest_of, image, listed, server

PLATFORMS = ["linux/amd64", "linux/arm64/v8", "linux/arm/v7", "linux/s390x", "windows/amd64"]


def pages(whole: list[str], page: int, before: str) -> Callable[..., Reply]:
    """Lists in pages, as the specification has them: `last` and a Link to what follows."""

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        asked = parse_qs(urlsplit(path).query)
        first = whole.index(asked["last"][0]) + 1 if "last" in asked else 0
        part = whole[first : first + page]
        link = f"/v2/app/tags/list?last={part[-1]}&n={page}"
        link = before.format(headers["Host"]) + link
        more = {"Link": f'<{link}>; rel="next"'} if first + page < len(whole) else {}
        return 200, more, json.dumps({"name": "app", "tags": part}).encode()

    return reply


@pytest.mark.parametrize("before", ["", "http://{}", "https://{}", "//{}"])
@pytest.mark.parametrize("page", [3000, 100, 7])
def test_two_thousand_tags_are_listed_in_full(page: int, before: str) -> None:
    whole = [f"v{number:04}" for number in range(2000)]
    with server(pages(whole, page, before)) as http:
        assert http.tags("app") == whole


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ('</v2/app/tags/list?n=1000>; rel="next"', "does not end"),
        ('</v2/app/tags/list?last=a; rel="next"', "does not say where"),
        ('<http://[/>; rel="next"', "does not say where"),
        ('<http://registry.example/v2/app/tags/list>; rel="next"', "another address"),
    ],
)
def test_a_list_of_which_a_part_is_missing_is_no_list(link: str, words: str) -> None:
    asked: list[str] = []

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        asked.append(path)
        return 200, {"Link": link}, b'{"tags": ["a"]}'

    with server(reply) as http, pytest.raises(RegistryError, match=words) as caught:
        http.tags("app")
    assert len(asked) == 1
    assert caught.value.next_step


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
        assert isinstance(found, Index)
        assert [str(platform) for platform in found.platforms] == PLATFORMS
        assert len(found.manifests) == len(PLATFORMS) + 1
        assert all(platform in repr(found) for platform in PLATFORMS)
        for platform, body in bodies.items():
            assert http.image_manifest("app", "1", Platform.parse(platform)).body == body
        arm64 = http.image_manifest("app", "1", Platform("linux", "arm64"))
        assert arm64.body == bodies["linux/arm64/v8"]
        assert http.image_manifest("app", arm64.digest) == http.manifest("app", arm64.digest)
        with pytest.raises(InvalidInput, match="linux/riscv64"):
            http.image_manifest("app", "1", Platform("linux", "riscv64"))


def test_a_list_may_lead_to_another_list_but_not_on_and_on() -> None:
    documents = [listed({"linux/amd64": image()})]
    for _ in range(5):
        inner = documents[-1]
        entry = Descriptor(INDEX_TYPES[0], Digest.of(inner), len(inner)).json()
        documents.append(json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode())
    bodies = {digest_of(body): body for body in (image(), *documents)}
    amd64 = Platform("linux", "amd64")
    with server(lambda method, path, _: (200, {}, bodies[path.rpartition("/")[2]])) as http:
        assert http.image_manifest("app", digest_of(documents[1]), amd64).body == image()
        with pytest.raises(UnreadableImage, match="from one list of images to the next"):
            http.image_manifest("app", digest_of(documents[-1]), amd64)


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
        manifest_or_index("app:1", body)


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


def test_a_single_image_for_another_platform_is_given_with_a_note() -> None:
    config = b'{"os": "linux", "architecture": "amd64"}'
    kind = "application/vnd.oci.image.config.v1+json"
    about = Descriptor(kind, Digest.of(config), len(config)).json()
    single = json.dumps({"config": about, "layers": []}).encode()
    missing = False

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        if "/blobs/" in path:
            return (404, {}, b"") if missing else (200, {}, config)
        return 200, {}, single

    with server(reply) as http:
        noted = http.noted_manifest("app", "1", Platform("linux", "s390x"))
        assert noted.body == single
        assert "It is for linux/amd64, and there is none for linux/s390x." in repr(noted)
        assert http.noted_manifest("app", "1", Platform("linux", "amd64")).note == ""
        missing = True
        assert http.noted_manifest("app", "1", Platform("linux", "s390x")).note == ""
