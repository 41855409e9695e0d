import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[2]))

from postgres_server import PostgresServer
from shop.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this run's own."""
    with TemporaryDirectory(prefix="workbook-postgres-") as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop(signal.SIGQUIT)


@pytest.fixture
def database(postgres: PostgresServer) -> Database:
    """A database in it, empty."""
    return postgres.empty_database()
