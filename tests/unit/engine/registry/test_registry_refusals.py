"""Registries that are busy, refuse HEAD or send to a token service: what is asked and told."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.engine.registry import patience
from helpers.engine.registry.refusals import refusal
from helpers.errors import NotInRegistry, RegistryError, RegistryGone
from tests.unit.registry_server import Reply, digest_of, image, server

TAGS = b'{"tags": ["a"]}'


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, which takes no time here."""
    waits: list[float] = []
    monkeypatch.setattr(patience, "pause", waits.append)
    return waits


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_where_head_is_refused_get_is_asked(status: int) -> None:
    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        return (status, {}, b"") if method == "HEAD" else (200, {}, image())

    with server(reply) as http:
        assert http.digest("app", "1") == digest_of(image())


@pytest.mark.parametrize("stated", ["", "gone", "sha256:0", "\x1b[2J", "sha256:" + "A" * 64])
def test_a_header_that_names_no_digest_is_not_believed(stated: str) -> None:
    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        return 200, {"Docker-Content-Digest": stated} if method == "HEAD" else {}, image()

    with server(reply) as http:
        assert http.digest("app", "1") == digest_of(image())


def test_the_words_of_get_are_told_where_neither_is_answered() -> None:
    body = json.dumps({"errors": [{"code": "MANIFEST_UNKNOWN"}]}).encode()
    with (
        server(lambda *_: (404, {}, body)) as http,
        pytest.raises(NotInRegistry, match="no such image"),
    ):
        http.digest("app", "1")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("times", [1, 3])
def test_a_busy_registry_is_waited_for(status: int, times: int, pauses: list[float]) -> None:
    asked: list[str] = []

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        asked.append(path)
        return (status, {"Retry-After": "7"}, b"") if len(asked) <= times else (200, {}, TAGS)

    with server(reply) as http:
        assert http.tags("app") == ["a"]
    assert pauses == [7.0] * times


@pytest.mark.parametrize(
    ("status", "header", "step", "waits"),
    [
        (429, "7", "Try again in 7.00 s.", 3),
        (429, "3600", "Try again in 60 min 0 s.", 0),
        (503, "36000", "Try again in 10 hours.", 0),
        (503, "soon", "Try again in a while.", 0),
        (429, "", "Try again in a while.", 0),
        (500, "1", "Try again in a while.", 0),
    ],
)
def test_one_that_stays_busy_says_when(
    status: int, header: str, step: str, waits: int, pauses: list[float]
) -> None:
    with (
        server(lambda *_: (status, {"Retry-After": header}, b"")) as http,
        pytest.raises(RegistryError, match=f"answered {status}") as caught,
    ):
        http.tags("app")
    assert caught.value.next_step == step
    assert len(pauses) == waits


def test_a_blob_is_waited_for_too(pauses: list[float]) -> None:
    replies = [(429, {"Retry-After": "1"}, b""), (200, {}, b"blob")]
    with server(lambda *_: replies.pop(0)) as http:
        assert b"".join(http.blob("app", digest_of(b"blob"))) == b"blob"
    assert pauses == [1.0]


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v2/team/app/manifests/1", "repository:team/app:pull"),
        ("/v2/app/blobs/sha256:0?x=a/b/c", "repository:app:pull"),
        ("/v2/app/tags/list?n=1000", "repository:app:pull"),
        ("/v2/", None),
    ],
)
def test_a_token_is_for_what_is_asked_where_the_registry_names_nothing(
    path: str, scope: str | None
) -> None:
    wanted: list[dict[str, list[str]]] = []

    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        if path.startswith("/token"):
            wanted.append(parse_qs(urlsplit(path).query))
            return 200, {}, b'{"token": "t"}'
        if headers.get("Authorization") == "Bearer t":
            return 200, {}, TAGS
        realm = f'Bearer realm="http://{headers["Host"]}/token",service="s"'
        return 401, {"WWW-Authenticate": realm}, b""

    with server(reply) as http:
        http.open(path).close()
    assert wanted == [{"service": ["s"], **({"scope": [scope]} if scope else {})}]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_token_service_that_is_out_of_order_is_named(status: int) -> None:
    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        if path.startswith("/token"):
            return status, {}, b'{"errors": [{"code": "TOOMANYREQUESTS"}]}'
        return 401, {"WWW-Authenticate": f'Bearer realm="http://{headers["Host"]}/token"'}, b""

    with server(reply) as http, pytest.raises(RegistryError, match=r"token service .*/token"):
        http.tags("app")


def test_a_token_service_that_is_not_there_is_named() -> None:
    challenge = {"WWW-Authenticate": 'Bearer realm="http://127.0.0.1:1/token"'}
    gone = pytest.raises(RegistryGone, match=r"token service http://127\.0\.0\.1:1/token")
    with server(lambda *_: (401, challenge, b"")) as http, gone:
        http.tags("app")


def test_a_step_that_helps_where_a_login_is_wanted() -> None:
    """`docker login` alone changes nothing here: no look of the workbook's has a login."""
    for status in (401, 403):
        step = refusal("ghcr.io", "/v2/app/tags/list", status, "").next_step
        assert "without a login" in step
        assert "`docker manifest inspect`" in step


def test_a_cache_is_guessed_only_where_something_was_to_be_deleted() -> None:
    path = "/v2/app/manifests/1"
    deleting, reading = (refusal("a:5000", path, 405, "", verb) for verb in ("DELETE", "GET"))
    assert "does not allow DELETE" in deleting.message
    assert "cache" in deleting.next_step
    assert "does not allow GET" in reading.message
    assert "cache" not in reading.next_step
