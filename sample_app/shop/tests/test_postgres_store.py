"""The store in PostgreSQL: what holds for the others holds for it, and what only it can meet."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from postgres_server import PASSWORD, PostgresServer
from running_app import wait_for
from shop import postgres_store
from shop.database import Database
from shop.postgres_store import PostgresStore
from test_app_items import (
    test_a_store_keeps_what_it_is_given,
    test_an_id_is_never_used_twice,
    test_an_id_that_no_item_has_is_404,
    test_items_are_added_listed_shown_and_removed,
    test_many_threads_may_add_at_once,
)
from workbook_app.factory import create_app
from workbook_app.lifecycle import Lifecycle
from workbook_app.settings import Settings
from workbook_app.store import Item, StoreUnavailable

__all__ = [
    "test_a_store_keeps_what_it_is_given",
    "test_an_id_is_never_used_twice",
    "test_an_id_that_no_item_has_is_404",
    "test_items_are_added_listed_shown_and_removed",
    "test_many_threads_may_add_at_once",
]


@pytest.fixture
def store(database: Database) -> Iterator[PostgresStore]:
    store = PostgresStore(database)
    yield store
    store.close()


@pytest.fixture
def items(store: PostgresStore) -> FlaskClient:
    return create_app(Settings(), Lifecycle(), store).test_client()


def test_items_outlive_the_store_as_rows_of_a_plain_table(
    store: PostgresStore, database: Database, postgres: PostgresServer
) -> None:
    names = ["tea", "茶 🍵", "'; DROP TABLE items; --", "x" * 200]
    added = [store.add(name) for name in names]
    second = PostgresStore(database)
    assert second.all() == added
    second.close()
    with postgres.ask(database.name) as connection:
        rows = connection.execute("SELECT id, name FROM items ORDER BY id").fetchall()
    assert [Item(*row) for row in rows] == added


def test_many_may_make_the_table_at_once(database: Database) -> None:
    made: list[PostgresStore] = []
    makers = [
        threading.Thread(target=lambda: made.append(PostgresStore(database))) for _ in range(8)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(made) == 8
    for store in made:
        store.check()
        store.close()


def test_connections_are_kept_and_no_more_than_are_used_at_once(
    store: PostgresStore, database: Database, postgres: PostgresServer
) -> None:
    for _ in range(20):
        store.add("tea")
    kept = _only_backend(postgres)
    store.check()
    assert _backends(postgres) == [kept]


def test_a_database_that_is_away_is_503_and_back_as_soon_as_it_answers(
    items: FlaskClient, database: Database, postgres: PostgresServer
) -> None:
    items.post("/items", json={"name": "tea"})
    postgres.stop()
    try:
        for answer in (items.get("/items"), items.post("/items", json={"name": "tea"})):
            assert answer.status_code == 503
            assert answer.json == {
                "error": f"The database {database.name} at 127.0.0.1:{postgres.port} is not "
                "available: connection failed: connection to server at "
                f'"127.0.0.1", port {postgres.port} failed: Connection refused.'
            }
        ready = items.get("/readyz")
        assert ready.status_code == 503
        assert ready.json is not None
        assert ready.json["status"] == "no store"
        assert items.get("/livez").status_code == 200
    finally:
        postgres.start()
    assert items.get("/items").json == [{"id": 1, "name": "tea"}]
    assert items.get("/readyz").status_code == 200


@pytest.mark.skipif(os.name == "nt", reason="Windows freezes no process by a signal")
def test_a_connection_that_is_frozen_is_left_and_another_made(
    store: PostgresStore,
    database: Database,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres_store, "CHECK_SECONDS", 0.1)
    tea = store.add("tea")
    frozen = _only_backend(postgres)
    os.kill(frozen, signal.SIGSTOP)
    try:
        assert store.all() == [tea]
    finally:
        os.kill(frozen, signal.SIGCONT)


def _only_backend(postgres: PostgresServer) -> int:
    """The one that is left when those of earlier tests have gone."""
    wait_for(lambda: len(_backends(postgres)) == 1)
    return _backends(postgres)[0]


def _backends(postgres: PostgresServer) -> list[int]:
    """The processes that serve the store's connections."""
    with postgres.ask("postgres") as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND application_name = 'shop'"
        )
        return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password": "wrong"}, 'password authentication failed for user "postgres".'),
        ({"password": None}, "no password supplied."),
        ({"user": "nobody here"}, 'password authentication failed for user "nobody here".'),
        ({"name": "none"}, 'database "none" does not exist.'),
        ({"host": "no.such.host.invalid"}, "Name or service not known."),
    ],
)
def test_a_database_that_refuses_is_told_without_the_password(
    database: Database, change: dict[str, str | None], reason: str
) -> None:
    asked = Database(**{**database.__dict__, **change})
    with pytest.raises(StoreUnavailable) as caught:
        PostgresStore(asked)
    message = str(caught.value)
    assert message.startswith(f"The database {asked.name} at {asked.host}:{asked.port} is not ")
    assert message.endswith(reason)
    assert "\n" not in message
    assert PASSWORD not in message + repr(asked)
