"""Where items are kept: in memory, or in an SQLite file that outlives the process."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .errors import Unavailable


@dataclass(frozen=True)
class Item:
    id: int
    name: str


class StoreUnavailable(Unavailable):
    """The store cannot be read or written."""


class ItemStore(Protocol):
    """All that the app asks of a store. Any method may raise StoreUnavailable."""

    def all(self) -> list[Item]:
        """Every item, oldest first."""

    def get(self, item_id: int) -> Item | None:
        """The item, or None."""

    def add(self, name: str) -> Item:
        """The new item. An id is never used twice."""

    def remove(self, item_id: int) -> bool:
        """Whether there was such an item."""

    def check(self) -> None:
        """Nothing, if the store can be used."""


def open_store(folder: Path | None) -> ItemStore:
    """A store in that folder, or one in memory if there is none."""
    return MemoryStore() if folder is None else SqliteStore(folder)


class MemoryStore:
    def __init__(self) -> None:
        self._items: dict[int, Item] = {}
        self._last_id = 0
        self._lock = threading.Lock()

    def all(self) -> list[Item]:
        with self._lock:
            return list(self._items.values())

    def get(self, item_id: int) -> Item | None:
        return self._items.get(item_id)

    def add(self, name: str) -> Item:
        with self._lock:
            self._last_id += 1
            self._items[self._last_id] = Item(self._last_id, name)
            return self._items[self._last_id]

    def remove(self, item_id: int) -> bool:
        with self._lock:
            return self._items.pop(item_id, None) is not None

    def check(self) -> None:
        return None


class SqliteStore:
    """Items in `items.db` in a folder; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "items.db"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"DATA cannot be the folder {folder}: {error}.") from error
        with self._connection() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS items"
                " (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)"
            )

    def all(self) -> list[Item]:
        with self._connection() as connection:
            rows = connection.execute("SELECT id, name FROM items ORDER BY id")
            return [Item(*row) for row in rows]

    def get(self, item_id: int) -> Item | None:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT id, name FROM items WHERE id = ?", (item_id,)
            ).fetchone()
        return Item(*row) if row else None

    def add(self, name: str) -> Item:
        with self._connection() as connection:
            cursor = connection.execute("INSERT INTO items (name) VALUES (?)", (name,))
            assert cursor.lastrowid is not None
            return Item(cursor.lastrowid, name)

    def remove(self, item_id: int) -> bool:
        with self._connection() as connection:
            cursor = connection.execute("DELETE FROM items WHERE id = ?", (item_id,))
            return cursor.rowcount > 0

    def check(self) -> None:
        with self._connection() as connection:
            connection.execute("SELECT id FROM items LIMIT 1")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction: SQLite's may not move between threads."""
        try:
            with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
                yield connection
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"The store in {self._path.parent} is not available: {error}."
            ) from error
