"""Both programs as processes, as containers start them."""

import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from postgres_server import PASSWORD
from running_app import RunningApp, needs_signals, start, wait_for
from shop.database import Database
from shop.web import shop_app
from workbook_app.lifecycle import Lifecycle
from workbook_app.settings import BadSetting, Settings

PRICES, WEB = ("-m", "shop.prices"), ("-m", "shop.web")


def environment_of(database: Database) -> dict[str, str]:
    return {
        "POSTGRES_HOST": database.host,
        "POSTGRES_PORT": str(database.port),
        "POSTGRES_USER": database.user,
        "POSTGRES_PASSWORD": PASSWORD,
        "POSTGRES_DB": database.name,
    }


@pytest.fixture
def prices() -> Iterator[RunningApp]:
    app = RunningApp(*PRICES, VERSION="2")
    yield app
    app.close()


@needs_signals
def test_the_shop_in_three_parts_and_what_is_left_without_one(
    prices: RunningApp, database: Database
) -> None:
    url = f"http://127.0.0.1:{prices.port}"
    web = RunningApp(*WEB, PRICES_URL=url, VERSION="7", **environment_of(database))
    try:
        assert web.before == [
            f"Items are kept in the database {database.name} at 127.0.0.1:{database.port}\n"
        ]
        web.ask("POST", "/items", '{"name": "tea"}')
        assert web.ask("GET", "/prices") == (200, '[{"cents":250,"id":1,"name":"tea"}]\n')
        assert prices.stop()[0] == 0
        assert web.ask("GET", "/prices")[0] == 503
        assert web.ask("GET", "/items") == (200, '[{"id":1,"name":"tea"}]\n')
        status, _, output = web.stop()
        assert (status, "Traceback" in output) == (0, False)
    finally:
        web.close()


@needs_signals
def test_a_drain_goes_on_serving_tells_that_it_stops_and_ends_with_0() -> None:
    draining = RunningApp(*PRICES, DRAIN_SECONDS="1")
    seen: list[int] = []

    def ask_until_refused() -> None:
        with suppress(ConnectionRefusedError, ConnectionResetError):
            while True:
                seen.append(draining.ask("GET", "/prices")[0])

    try:
        asker = Thread(target=ask_until_refused)
        asker.start()
        wait_for(lambda: len(seen) > 5)
        draining.process.send_signal(signal.SIGTERM)
        wait_for(lambda: draining.ask("GET", "/readyz")[0] == 503)
        assert draining.ask("GET", "/livez")[0] == 200
        before = len(seen)
        asker.join()
        assert len(seen) > before + 20
        assert set(seen) == {200}
        assert draining.process.wait(5) == 0
    finally:
        draining.close()


def _fails(*program: str, **environment: str) -> str:
    output, errors = start(*program, **environment).communicate(timeout=20)
    assert output == ""
    assert "Traceback" not in errors
    return errors.strip()


def test_a_database_that_does_not_answer_ends_the_start_with_a_sentence() -> None:
    environment = environment_of(Database("127.0.0.1", 1, "postgres", PASSWORD, "shop"))
    message = _fails(*WEB, **environment)
    assert message.startswith("The database shop at 127.0.0.1:1 is not available: connection ")
    assert message.endswith("Connection refused.")


def test_bad_settings_are_told() -> None:
    assert _fails(*PRICES, PRICES="tea").startswith("PRICES must be like ")


@pytest.mark.parametrize(
    ("name", "value"), [("PRICES_URL", "prices"), ("DATABASE_URL", "postgres://u:hush@")]
)
def test_a_setting_of_the_shop_that_is_bad_is_told_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=f"^{name} must be like "):
        shop_app(Settings(), Lifecycle())


def test_without_its_package_a_database_is_a_bad_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shop.postgres_store", None)
    monkeypatch.setenv("POSTGRES_HOST", "db")
    with pytest.raises(BadSetting, match=r"needs the package psycopg: pip install -r shop/"):
        shop_app(Settings(), Lifecycle())


def test_without_a_database_items_are_kept_in_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("POSTGRES_HOST", raising=False)
    shop = shop_app(Settings(data=tmp_path), Lifecycle()).test_client()
    assert shop.post("/items", json={"name": "tea"}).status_code == 201
    assert (tmp_path / "items.db").exists()
