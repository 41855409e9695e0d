"""Items in a PostgreSQL database."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import ExecStatus
from workbook_app.store import Item, StoreUnavailable

from .database import Database

CONNECT_SECONDS = 3
CHECK_SECONDS = 2.0
# A network that has gone is noticed after these, a statement that waits for a lock is given up.
_SETTINGS: dict[str, Any] = {"tcp_user_timeout": 3000, "options": "-c statement_timeout=5000"}
_TABLE = (
    "CREATE TABLE IF NOT EXISTS items"
    " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL)"
)
# Two that make a table at once fail, `IF NOT EXISTS` or not; so they take turns by this number.
_TURN = 4_071_017

Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresStore:
    """Items in the table `items`; several processes may share it.

    A connection is kept for the next request, since making one takes many times what asking does.
    Each is tried before it is used: the database may have been started anew.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: list[Connection] = []
        with self._connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
            connection.execute(_TABLE)

    def all(self) -> list[Item]:
        with self._connection() as connection:
            rows = connection.execute("SELECT id, name FROM items ORDER BY id")
            return [Item(*row) for row in rows]

    def get(self, item_id: int) -> Item | None:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT id, name FROM items WHERE id = %s", (item_id,)
            ).fetchone()
        return Item(*row) if row else None

    def add(self, name: str) -> Item:
        with self._connection() as connection:
            row = connection.execute(
                "INSERT INTO items (name) VALUES (%s) RETURNING id", (name,)
            ).fetchone()
        assert row is not None
        return Item(row[0], name)

    def remove(self, item_id: int) -> bool:
        with self._connection() as connection:
            cursor = connection.execute("DELETE FROM items WHERE id = %s", (item_id,))
            return cursor.rowcount > 0

    def check(self) -> None:
        with self._connection() as connection:
            connection.execute("SELECT id FROM items LIMIT 1")

    def close(self) -> None:
        """No connection is kept any longer."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction; kept, unless something fails."""
        try:
            connection = self._kept() or self._new()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
        except psycopg.Error as error:
            raise StoreUnavailable(
                f"The {self._database} is not available: {_reason(error)}."
            ) from error

    def _kept(self) -> Connection | None:
        """One that still answers; the others are closed."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if _answers(connection):
                return connection
            connection.close()

    def _new(self) -> Connection:
        database = self._database
        return psycopg.connect(
            host=database.host,
            port=database.port,
            user=database.user,
            password=database.password,
            dbname=database.name,
            connect_timeout=CONNECT_SECONDS,
            autocommit=True,
            application_name="shop",
            **_SETTINGS,
        )


def _answers(connection: Connection) -> bool:
    """Whether it answers a question in time. A database that is frozen takes any, and says nothing;
    psycopg itself would wait for it without end.
    """
    asked = connection.pgconn
    try:
        asked.send_query(b"SELECT 1")
        asked.flush()
        if not select.select([asked.socket], [], [], CHECK_SECONDS)[0]:
            return False
        results = list(iter(asked.get_result, None))
    except psycopg.OperationalError:
        return False
    return [result.status for result in results if result] == [ExecStatus.TUPLES_OK]


def _reason(error: psycopg.Error) -> str:
    """The first line of what it says that tells a reason, without a stop at its end."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    tried = [line for line in lines if line.startswith("- ")]
    return (tried or lines)[0].strip().rstrip(".")
