"""A registry of somebody else's: it gets no password, memory, time or terminal of ours."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.commands.__main__ import guarded
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.session import AnonymousSession
from helpers.engine.registry.token import anonymous_token
from helpers.errors import RegistryError, RegistryGone, WorkbookError
from tests.hostile.registry import costly_challenge, loud, wants_a_token
from tests.hostile.server import Asked, HostileServer, Reply, endless, hostile_server

ELSEWHERE = "127.0.0.2"  # another host, as far as a netrc file is concerned
# A connection whose answer makes no sense is dropped by urllib3 without a word.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def far(server: HostileServer) -> RegistryHttp:
    """The registry as one that is not on this machine: with the user's settings."""
    http = RegistryHttp("registry.example")
    http.base = f"http://{server.address}"
    return http


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text(f"machine {ELSEWHERE} login ada password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "*")


def test_it_gets_no_password_that_is_for_another_host() -> None:
    with (
        hostile_server(
            lambda asked: Reply(200, {"Content-Length": "2"}, [b"{}"]), ELSEWHERE
        ) as other,
        hostile_server(lambda asked: wants_a_token(f"http://{other.address}/token")) as server,
        pytest.raises(RegistryError),
    ):
        far(server).tags("app")
    assert [asked for asked in other.asked if "Authorization" in asked.headers] == []


def test_a_token_without_end_is_not_read_to_the_end() -> None:
    with (
        hostile_server(lambda asked: Reply(body=endless(b'{"token": "', 2048))) as other,
        hostile_server(lambda asked: wants_a_token(f"http://{other.address}/token")) as server,
        pytest.raises(RegistryError),
    ):
        far(server).tags("app")
    assert other.sent_bytes < 32 << 20


def test_its_headers_cost_little() -> None:
    with hostile_server(lambda asked: costly_challenge()) as server:
        before = time.thread_time()
        with pytest.raises(RegistryError):
            far(server).tags("app")
        spent_seconds = time.thread_time() - before
    assert spent_seconds < 0.2


CHALLENGES = (
    'Bearer realm="{}",service="registry"',
    'Basic realm="x", Bearer realm="{}"',
    'bearer realm = "{}" , Basic realm="x"',
)


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_an_honest_token_service_is_asked_however_it_is_named(challenge: str) -> None:
    def reply(asked: Asked) -> Reply:
        body = b'{"tags": ["a"]}' if asked.path.startswith("/v2/") else b'{"access_token": "t"}'
        if asked.path.startswith("/v2/") and asked.headers.get("Authorization") != "Bearer t":
            named = challenge.format(f"http://{asked.headers['Host']}/token")
            return Reply(401, {"WWW-Authenticate": named, "Content-Length": "0"})
        return Reply(200, {"Content-Length": str(len(body))}, [body])

    with hostile_server(reply) as server:
        assert far(server).tags("app") == ["a"]


def test_a_registry_behind_tls_cannot_name_a_token_service_in_plain_http() -> None:
    challenge = 'Bearer realm="http://127.0.0.1:1/token"'
    assert anonymous_token(AnonymousSession(), "https://registry.example", challenge) == ""


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_takes_no_token_along_and_none_is_read(status: int) -> None:
    with (
        hostile_server(lambda asked: Reply(200, {"Content-Length": "2"}, [b"{}"])) as other,
        hostile_server(
            lambda asked: Reply(status, {"Location": f"http://{other.address}/"}, endless())
        ) as server,
    ):
        http = far(server)
        http._tokens["app"] = "Bearer ours"
        with pytest.raises(RegistryError, match="no list"):
            http.tags("app")
    assert [asked.headers.get("Authorization") for asked in server.asked] == ["Bearer ours"]
    assert [asked.headers.get("Authorization") for asked in other.asked] == [None]
    assert server.sent_bytes < 32 << 20


LOCATIONS = ("\xff\xfe", "http://[", "file:///etc/passwd", "//", "ftp://x/", "\x80://", "/again")


@pytest.mark.parametrize("location", LOCATIONS)
def test_a_redirect_to_no_address_is_an_error_of_ours(location: str) -> None:
    headers = {"Location": location, "Content-Length": "0"}
    with hostile_server(lambda asked: Reply(302, headers)) as server, pytest.raises(RegistryError):
        far(server).tags("app")
    assert len(server.asked) <= 12


BODIES = (b"[" * 60_000, b'{"tags":' * 60_000, b'{"tags": "abc"}', b'{"tags": {"a": 1}}', b"\xff")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", [200, 401, 500])
def test_documents_that_make_no_sense_are_errors_of_ours(body: bytes, status: int) -> None:
    def reply(asked: Asked) -> Reply:
        challenge = f'Bearer realm="http://{asked.headers["Host"]}/token"'
        code = 200 if asked.path.startswith("/token") else status
        headers = {"WWW-Authenticate": challenge, "Content-Length": str(len(body))}
        return Reply(code, headers, [body])

    with hostile_server(reply) as server:
        http = far(server)
        with pytest.raises(RegistryError):
            http.tags("app")
        with pytest.raises(WorkbookError):
            http.manifest("app", "1")


@pytest.mark.parametrize("length", ["\xb2", "-1", "1e9", "9" * 5000, "2, 3", " "])
def test_a_length_that_is_no_number_is_an_error_of_ours_or_none(length: str) -> None:
    reply = Reply(200, {"Content-Length": length, "Connection": "close"}, [b'{"tags": []}'])
    with hostile_server(lambda asked: reply) as server, suppress(RegistryError):
        assert far(server).tags("app") == []


@pytest.mark.parametrize("link", ["http://127.0.0.2/v2/", "//127.0.0.2/", "http://["])
def test_a_list_goes_on_at_the_same_registry(link: str) -> None:
    def reply(asked: Asked) -> Reply:
        headers = {"Link": f'<{link}>; rel="next"', "Content-Length": "15"}
        return Reply(200 if len(server.asked) < 9 else 404, headers, [b'{"tags": ["a"]}'])

    with hostile_server(reply) as server, pytest.raises(RegistryError):
        far(server).tags("app")


def test_a_list_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.engine.registry.http.MOST_PAGES", 20)

    def reply(asked: Asked) -> Reply:
        link = f'</v2/app/tags/list?last={len(server.asked)}>; rel="next"'
        return Reply(200, {"Link": link, "Content-Length": "15"}, [b'{"tags": ["a"]}'])

    with hostile_server(reply) as server, pytest.raises(RegistryError, match="does not end"):
        far(server).tags("app")
    assert len(server.asked) < 30


HEADERS = st.sampled_from(
    [
        "WWW-Authenticate",
        "Link",
        "Location",
        "Content-Length",
        "Content-Encoding",
        "Docker-Content-Digest",
        "Content-Type",
        "Transfer-Encoding",
        "Set-Cookie",
    ]
)
VALUES = st.sampled_from(
    [
        "Bearer",
        "realm=",
        '"http://127.0.0.1:1/"',
        "</v2/x>;",
        "rel=next",
        "gzip",
        "sha256:",
        "chunked",
        "999",
        "²",
        "ÿ",
        ";",
        ",",
        '"',
        "<",
        "/v2/",
        "\x1b[2J",
        "{",
    ]
)
BODY = st.sampled_from(b'[ { "tags": "errors": [{"code": 1 ] } \xff "\x1b" "a" null ,'.split())
REPLIES = st.builds(
    Reply,
    st.sampled_from([200, 206, 302, 307, 400, 401, 403, 404, 429, 500]),
    st.dictionaries(HEADERS, st.lists(VALUES, max_size=4).map(" ".join)).map(
        lambda headers: headers | {"Connection": "close"}
    ),
    st.lists(BODY, max_size=8),
)


@given(st.lists(REPLIES, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_it_answers_is_an_answer_or_an_error_of_ours(replies: list[Reply]) -> None:
    errors: list[WorkbookError] = []
    with hostile_server(lambda asked: replies[len(server.asked) % len(replies)]) as server:
        http = far(server)
        for ask in (lambda: http.tags("app"), lambda: http.manifest("app", "1")):
            try:
                ask()
            except WorkbookError as error:
                errors.append(error)
    assert not {"\x1b", "\n"} & set("".join(map(str, errors)))


def slowly(pause_seconds: float = 0.05) -> Iterator[bytes]:
    """A document that always goes on, a byte at a time."""
    yield b'{"'
    for _ in range(400):
        time.sleep(pause_seconds)
        yield b"a"


def test_an_answer_that_dawdles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.engine.registry.body.document.__defaults__", (0.3,))
    with hostile_server(lambda asked: Reply(200, body=slowly())) as server:
        before = time.monotonic()
        with pytest.raises(RegistryGone, match="not done"):
            far(server).tags("app")
    assert time.monotonic() - before < 3


def test_headers_that_dawdle_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.engine.registry.session.HEAD_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = HostileServer(f"127.0.0.1:{silent.getsockname()[1]}")
        before = time.monotonic()
        with pytest.raises(RegistryGone, match="no answer in time"):
            far(server).tags("app")
    assert time.monotonic() - before < 3


def test_its_words_are_text_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with hostile_server(loud) as server:
        assert guarded(lambda: len(far(server).tags("app"))) == 1
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if line.startswith("→ Run")] == []
