import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from workbook_app.factory import create_app
from workbook_app.help import help_page
from workbook_app.lifecycle import Lifecycle
from workbook_app.settings import BadSetting, Settings


def test_greets_the_name_and_tells_the_host(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Hello World!" in answer.text
    assert socket.gethostname() in answer.text


def test_a_name_is_never_read_as_html() -> None:
    settings = Settings(name='<script>alert("hi")</script>')
    page = create_app(settings, Lifecycle()).test_client().get("/").text
    assert "<script>" not in page
    assert "Hello &lt;script&gt;alert(&#34;hi&#34;)&lt;/script&gt;!" in page


def test_a_hostname_is_never_read_as_html(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "<b>host</b>")
    assert "&lt;b&gt;host&lt;/b&gt;" in client.get("/").text


def test_healthy_until_it_stops(client: FlaskClient, lifecycle: Lifecycle) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    lifecycle.stop()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "stopping"})


def test_it_lives_while_it_answers_and_is_ready_until_it_stops(
    client: FlaskClient, lifecycle: Lifecycle
) -> None:
    assert (client.get("/livez").status_code, client.get("/readyz").status_code) == (200, 200)
    lifecycle.stop()
    assert (client.get("/livez").status_code, client.get("/readyz").status_code) == (200, 503)


@pytest.mark.parametrize("path", ["/", "/items", "/healthz", "/metrics", "/nowhere", "/fault"])
def test_every_answer_tells_the_version(lifecycle: Lifecycle, path: str) -> None:
    app = create_app(Settings(version="2 beta"), lifecycle)
    app.add_url_rule("/fault", view_func=_fault)
    assert app.test_client().get(path).headers["X-App-Version"] == "2 beta"


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/nowhere", 404, "There is no such page."),
        ("GET", "/<script>", 404, "There is no such page."),
        ("GET", "/static/app.css", 404, "There is no such page."),
        ("POST", "/", 405, "This page does not take that method."),
        ("PUT", "/items", 405, "This page does not take that method."),
    ],
)
def test_errors_are_one_sentence_in_json(
    client: FlaskClient, method: str, path: str, status: int, sentence: str
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.json) == (status, {"error": sentence})


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    assert "POST" in client.put("/items").headers["Allow"]


def test_a_fault_of_the_app_is_500_logged_and_counted(
    lifecycle: Lifecycle, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(), lifecycle)
    app.add_url_rule("/fault", view_func=_fault)
    answer = app.test_client().get("/fault")
    assert answer.status_code == 500
    assert answer.json == {"error": "The app met an error of its own; its log tells more."}
    assert "ZeroDivisionError" in caplog.text
    line = 'http_requests_total{method="GET",route="/fault",status="500"} 1.0'
    assert line in app.test_client().get("/metrics").text


def _fault() -> str:
    return str(1 / 0)


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"NAME": "Ada", "PORT": "8080", "HOST": "::1", "DATA": "d"}
        | {"VERSION": "1.2", "DRAIN_SECONDS": "7"}
    )
    assert (settings.name, settings.port, settings.host) == ("Ada", 8080, "::1")
    assert (settings.version, settings.drain_seconds) == ("1.2", 7)
    assert str(settings.data) == "d"


def test_settings_not_given_or_empty_are_the_usual_ones() -> None:
    empty = dict.fromkeys(("NAME", "HOST", "PORT", "DATA", "VERSION", "DRAIN_SECONDS"), "")
    assert Settings.from_environment(empty) == Settings.from_environment({}) == Settings()
    assert (Settings().name, Settings().host, Settings().port) == ("World", "0.0.0.0", 80)


def test_a_name_that_is_not_utf8_still_makes_a_page() -> None:
    settings = Settings.from_environment({"NAME": "caf\udce9"})
    assert "Hello caf\ufffd!" in create_app(settings, Lifecycle()).test_client().get("/").text


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8 0", "８０", "1e3", "9" * 5000])
def test_a_port_must_be_one(port: str) -> None:
    with pytest.raises(BadSetting, match=r"^PORT must be a whole number from 0 to 65535, not '"):
        Settings.from_environment({"PORT": port})


@pytest.mark.parametrize("version", [" ", "1\r\nX: y", "1 ", "é", "caf\udce9", "1" * 41])
def test_a_version_must_fit_in_a_header(version: str) -> None:
    with pytest.raises(BadSetting, match=r"^VERSION must be at most 40 printable ASCII"):
        Settings.from_environment({"VERSION": version})


@pytest.mark.parametrize("seconds", ["-1", "8", "1.5", "2s", "٣", "9" * 5000])
def test_a_drain_is_shorter_than_the_grace_of_a_stop(seconds: str) -> None:
    with pytest.raises(BadSetting, match=r"^DRAIN_SECONDS must be a whole number from 0 to 7, "):
        Settings.from_environment({"DRAIN_SECONDS": seconds})


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "workbook_app.access"):
        yield caplog


def test_each_request_is_one_line_of_the_log(
    client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    client.get("/items?page=2&x=%20")
    client.get("/nowhere")
    first, second = log.messages
    assert first.startswith('127.0.0.1 "GET /items?page=2&x=%20" 200 3 B ')
    assert first.endswith(" ms")
    assert second.startswith('127.0.0.1 "GET /nowhere" 404 ')


def test_no_request_can_forge_a_line_of_the_log(
    client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    client.get('/a%0A10.0.0.1 "GET /%1b[31m')
    client.get("/", environ_overrides={"QUERY_STRING": 'a"\n\x1b'})
    for line in log.messages:
        assert line.isprintable()
        assert line.count('"') == 2


def test_help_is_shown_where_it_was_made(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get("/help").status_code == 404
    page = tmp_path / "help.html"
    page.write_text("<h1>Hülfe</h1>", encoding="utf-8")
    app = Flask("with help")
    app.register_blueprint(help_page(page))
    answer = app.test_client().get("/help")
    assert (answer.status_code, answer.text) == (200, "<h1>Hülfe</h1>")
