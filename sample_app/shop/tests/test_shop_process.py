"""Both programs as processes, as containers start them."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from postgres_server import PASSWORD, PostgresServer
from running_app import RunningApp, needs_signals, start, wait_for
from shop.database import Database

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


def test_a_database_that_does_not_answer_ends_the_start_with_a_sentence(
    postgres: PostgresServer,
) -> None:
    environment = environment_of(Database("127.0.0.1", 1, "postgres", PASSWORD, "shop"))
    message = _fails(*WEB, **environment)
    assert message.startswith("The database shop at 127.0.0.1:1 is not available: connection ")
    assert message.endswith("Connection refused.")
    right = environment_of(Database("127.0.0.1", postgres.port, "postgres", PASSWORD, "postgres"))
    message = _fails(*WEB, **{**right, "POSTGRES_PASSWORD": "wrong"})
    assert message.endswith('password authentication failed for user "postgres".')


def test_bad_settings_are_told() -> None:
    assert _fails(*WEB, PRICES_URL="prices").startswith("PRICES_URL must be like ")
    assert _fails(*PRICES, PRICES="tea").startswith("PRICES must be like ")
    assert _fails(*WEB, DATABASE_URL="postgres://u:hush@").startswith("DATABASE_URL must be like ")
