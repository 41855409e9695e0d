import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask.testing import FlaskClient
from shop import price_source as price_source_module
from shop.price_list import USUAL, price_list
from shop.price_source import PriceSource, PricesUnavailable, price_source
from shop.priced_items import priced_item_page
from shop.prices import prices_app
from workbook_app.factory import create_app
from workbook_app.lifecycle import Lifecycle
from workbook_app.settings import BadSetting, Settings
from workbook_app.store import MemoryStore


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("PRICES", "tea=250, coffee = 320")
    return prices_app(Settings(version="3"), Lifecycle()).test_client()


def shop_with(source: PriceSource | None) -> FlaskClient:
    store = MemoryStore()
    store.add("tea")
    store.add("old boots")
    app = create_app(Settings(), Lifecycle(), store)
    app.register_blueprint(priced_item_page(store, source))
    return app.test_client()


class Answers:
    """A service that answers every request with these bytes, in a thread."""

    def __init__(self, status: int, body: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.source = PriceSource("127.0.0.1", self.server.server_port)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def answers(request: pytest.FixtureRequest) -> Iterator[Answers]:
    answers = Answers(*request.param)
    yield answers
    answers.close()


def test_the_service_tells_all_prices_or_one(service: FlaskClient) -> None:
    everything = service.get("/prices")
    assert everything.json == {"tea": 250, "coffee": 320}
    assert everything.headers["X-App-Version"] == "3"
    assert service.get("/prices/tea").json == {"name": "tea", "cents": 250}
    missing = service.get("/prices/boots")
    assert (missing.status_code, missing.json) == (
        404,
        {"error": "Nothing of this name has a price."},
    )
    assert service.get("/readyz").status_code == service.get("/livez").status_code == 200
    assert 'route="/prices/<name>",status="404"' in service.get("/metrics").text


def test_the_usual_prices_are_there_where_none_are_given() -> None:
    assert price_list(" ") == USUAL
    assert price_list("tea=0,cake=1000000") == {"tea": 0, "cake": 1_000_000}


@pytest.mark.parametrize("text", ["tea", "tea=", "=5", "tea=-1", "tea=1.5", "tea=1000001", ","])
def test_bad_prices_are_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PRICES", text)
    with pytest.raises(BadSetting, match=r"^PRICES must be like tea=250, coffee=320; .*\.$"):
        prices_app(Settings(), Lifecycle())


@pytest.mark.parametrize("answers", [(200, b'{"tea": 250}')], indirect=True)
def test_the_shop_prices_its_items(answers: Answers) -> None:
    assert shop_with(answers.source).get("/prices").json == [
        {"id": 1, "name": "tea", "cents": 250},
        {"id": 2, "name": "old boots", "cents": None},
    ]


def test_without_the_service_the_items_are_there_and_their_prices_503() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shop = shop_with(PriceSource("127.0.0.1", port))
    answer = shop.get("/prices")
    sentence = f"The service of prices at 127.0.0.1:{port} cannot be reached: Connection refused."
    assert (answer.status_code, answer.json) == (503, {"error": sentence})
    assert len(shop.get("/items").json or []) == 2
    assert shop.get("/readyz").status_code == 200


def test_a_shop_that_was_told_of_no_service_says_so() -> None:
    answer = shop_with(None).get("/prices")
    sentence = "This shop knows no prices: PRICES_URL says where their service is."
    assert (answer.status_code, answer.json) == (404, {"error": sentence})


def test_a_service_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_source_module, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = PriceSource("127.0.0.1", silent.getsockname()[1])
        with pytest.raises(PricesUnavailable, match=r"did not answer within 0\.05 seconds"):
            source.prices()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ((500, b"{}"), r"answered 500\.$"),
        ((302, b"{}"), r"answered 302\.$"),
        ((200, b"[1]"), "something else than prices"),
        ((200, b"<html>"), "something else than prices"),
        ((200, b'{"tea": "much"}'), "something else than prices"),
        ((200, b'{"tea": true}'), "something else than prices"),
        ((200, json.dumps({"x" * 70_000: 1}).encode()), "something else than prices"),
    ],
    indirect=["answers"],
)
def test_an_answer_that_is_none_is_told(answers: Answers, sentence: str) -> None:
    with pytest.raises(PricesUnavailable, match=sentence):
        answers.source.prices()


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(PricesUnavailable, match=r"cannot be reached: .*not known\.$"):
        PriceSource("no.such.host.invalid", 80).prices()


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("http://prices", PriceSource("prices", 80)),
        ("http://prices:8000/", PriceSource("prices", 8000)),
    ],
)
def test_a_url_names_the_service(url: str, source: PriceSource) -> None:
    assert price_source(url) == source


@pytest.mark.parametrize(
    "url",
    [
        "prices:8000",
        "https://prices",
        "http://",
        "http://prices:port",
        "http://prices/v1",
        "http://prices?x",
        "http://me:you@prices",
        "http://[prices",
        "http://pri ces",
    ],
)
def test_a_url_that_names_none_is_told(url: str) -> None:
    with pytest.raises(BadSetting, match=r"^PRICES_URL must be like http://prices:8000"):
        price_source(url)
