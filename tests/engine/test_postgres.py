"""The PostgreSQL stand-in does what the official image is documented to do, behaviour by behaviour.

Source: the image's page on Docker Hub, https://hub.docker.com/_/postgres. What PostgreSQL itself is
documented to do is not tried here. Each container of `Databases` is made once for all tests.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from typing import Any

import pytest
from docker import DockerClient
from docker.errors import ContainerError

from helpers.engine.base.packing import packed
from helpers.engine.connection.client import find_client
from helpers.model.supply.catalogue import POSTGRES
from tests.engine.supply_kit import imported, made, need_stand_ins

pytestmark = pytest.mark.engine
IMAGE = "wbsup-postgres:17"
MOST_BYTES = 110_000_000
SCRIPTS_FOLDER = "docker-entrypoint-initdb.d"
SCRIPTS = {
    "10-table.sql": b"CREATE TABLE told (at serial, by text);INSERT INTO told (by) VALUES ('sql');",
    "20-packed.sql.gz": gzip.compress(b"INSERT INTO told (by) SELECT 'gz of ' || current_user;"),
    "30-program.sh": b'#!/bin/bash\npsql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" '
    b'--dbname "$POSTGRES_DB" -c "INSERT INTO told (by) VALUES (\'sh of $(id -un)\')"\n',
    "40-notes.txt": b"no script",
}
PLAIN, SET, TRUST, BROKEN = (f"wbsup-pg-{name}" for name in ("plain", "set", "trust", "broken"))
STRANGER = "12345:12345"
KEPT_PASSWORD = """
    SELECT split_part(rolpassword, '$', 1) FROM pg_authid WHERE rolname = 'postgres'
"""
WHO_ASKS = """
    SELECT current_user, current_database(), rolsuper FROM pg_roles WHERE rolname = current_user
"""
SETTINGS = """
    SELECT name, setting FROM pg_settings
    WHERE name IN ('data_checksums', 'data_directory', 'max_connections', 'wal_segment_size')
    ORDER BY name
"""
IN_TIME_SECONDS = 30.0


class Databases:
    """Containers of the stand-in that start side by side, by name."""

    def __init__(self, client: DockerClient) -> None:
        self.client, self.network = client, "wbsup-pg"

    def make(self) -> None:
        """Starts them all; the first alone on its network with what the tests ask from."""
        self.client.networks.create(self.network)
        self._start(PLAIN, {"POSTGRES_PASSWORD": "one"})
        self._start(
            SET,
            {
                "POSTGRES_PASSWORD_FILE": "/run/secrets/password",
                "POSTGRES_USER": "keeper",
                "POSTGRES_DB": "shop-data",
                "POSTGRES_INITDB_ARGS": "--data-checksums --wal-segsize=4",
                "POSTGRES_INITDB_WALDIR": "/wal",
                "PGDATA": "/var/lib/postgresql/data/inner",
            },
            {f"{SCRIPTS_FOLDER}/{name}": text for name, text in SCRIPTS.items()}
            | {"run/secrets/password": b"two words\n"},
            command=["-c", "max_connections=37"],
        )
        self._start(
            TRUST,
            {
                "POSTGRES_HOST_AUTH_METHOD": "trust",
                "POSTGRES_INITDB_ARGS": "--no-sync",
                "PGDATA": "/var/lib/postgresql/data/inner",
            },
            user=STRANGER,
        )
        self._start(
            BROKEN,
            {"POSTGRES_PASSWORD": "one", "POSTGRES_INITDB_ARGS": "--no-sync"},
            {
                f"{SCRIPTS_FOLDER}/1.sql": b"SELECT nonsense;",
                f"{SCRIPTS_FOLDER}/2.sql": b"CREATE TABLE late (x int);",
            },
        )

    def _start(
        self,
        name: str,
        environment: dict[str, str],
        files: dict[str, bytes] | None = None,
        **options: Any,
    ) -> None:
        box = self.client.containers.create(
            IMAGE, name=name, environment=environment, network=self.network, **options
        )
        if files:
            box.put_archive("/", packed(files))
        box.start()

    def run(self, **options: Any) -> str:
        """What a container of the image says that ends by itself."""
        answer: bytes = self.client.containers.run(IMAGE, remove=True, stderr=True, **options)
        return answer.decode()

    def ask(self, name: str, *words: str, **options: Any) -> str:
        """What a command in that container prints; fails the test where the command fails."""
        code, output = self.try_(name, *words, **options)
        assert code == 0, output
        return output

    def try_(self, name: str, *words: str, **options: Any) -> tuple[int, str]:
        """The exit code of a command in that container and what it prints."""
        answer = self.client.containers.get(name).exec_run(list(words), **options)
        return answer.exit_code, answer.output.decode().strip()

    def rows(self, name: str, query: str, user: str = "postgres", database: str = "") -> list[str]:
        """What psql answers to a query over the socket, row by row."""
        words = ("psql", "-XAt", "-U", user, "-d", database or user, "-c", query)
        return self.ask(name, *words).splitlines()

    def is_ready(self, name: str, *words: str) -> bool:
        """Whether pg_isready says so, asked in that container."""
        return self.try_(name, "pg_isready", "-U", "postgres", *words)[0] == 0

    def wait_until_ready(self, name: str) -> None:
        """Returns once that container's server answers over TCP."""
        deadline = time.monotonic() + IN_TIME_SECONDS
        while not self.is_ready(name, "-h", "127.0.0.1"):
            assert time.monotonic() < deadline, self.client.containers.get(name).logs().decode()
            time.sleep(0.05)

    def over_network(self, host: str, query: str, **environment: str) -> tuple[int, str]:
        """psql in another container, against that one by its name."""
        words = ("psql", "-XAt", "-w", "-h", host, "-U", "postgres", "-c", query)
        return self.try_(TRUST if host != TRUST else PLAIN, *words, environment=environment)


@pytest.fixture(scope="module")
def databases() -> Iterator[Databases]:
    need_stand_ins()
    client, _ = find_client()
    with imported(client, POSTGRES, IMAGE):
        databases = Databases(client)
        try:
            databases.make()
            yield databases
        finally:
            for box in client.containers.list(all=True, filters={"name": "wbsup-pg-"}):
                box.remove(v=True, force=True)
            for network in client.networks.list(names=[databases.network]):
                network.remove()
    client.close()


def test_during_the_first_start_the_server_listens_on_its_socket_alone(
    databases: Databases,
) -> None:
    """Initialization scripts: the temporary daemon. The window is 1.5 s at least."""
    deadline = time.monotonic() + IN_TIME_SECONDS
    while not databases.is_ready(PLAIN):
        assert time.monotonic() < deadline
    opened = time.monotonic()
    assert not databases.is_ready(PLAIN, "-h", "127.0.0.1")
    databases.wait_until_ready(PLAIN)
    assert time.monotonic() - opened > 1.0


def test_its_settings_are_the_official_ones(databases: Databases) -> None:
    """`docker image inspect`; the sections PGDATA, Locale Customization, Where to Store Data."""
    config = databases.client.images.get(IMAGE).attrs["Config"]
    assert list(config["ExposedPorts"]) == ["5432/tcp"]
    assert list(config["Volumes"]) == ["/var/lib/postgresql/data"]
    assert config["StopSignal"] == "SIGINT"
    assert (config["Entrypoint"], config["Cmd"]) == (["docker-entrypoint.sh"], ["postgres"])
    variables = dict(line.split("=", 1) for line in config["Env"])
    assert variables["PGDATA"] == "/var/lib/postgresql/data"
    assert (variables["LANG"], variables["PG_MAJOR"]) == ("en_US.utf8", "17")
    assert variables["PG_VERSION"].startswith("17.")
    assert made(POSTGRES).size_bytes < MOST_BYTES


def test_without_a_password_it_refuses(databases: Databases) -> None:
    """POSTGRES_PASSWORD: required, neither empty nor undefined."""
    for environment in ({}, {"POSTGRES_PASSWORD": ""}):
        with pytest.raises(ContainerError, match="no password for its superuser") as caught:
            databases.run(environment=environment)
        assert caught.value.exit_status == 1


def test_a_setting_and_its_file_are_not_both_taken(databases: Databases) -> None:
    """Docker Secrets: `_FILE` is an alternative."""
    both = {"POSTGRES_PASSWORD": "one", "POSTGRES_PASSWORD_FILE": "/run/secrets/password"}
    with pytest.raises(ContainerError, match="only one of them"):
        databases.run(environment=both)


def test_other_programs_run_in_its_place(databases: Databases) -> None:
    """... via psql; Database Configuration: the sample is there, and listens to all."""
    sample = "/usr/share/postgresql/postgresql.conf.sample"
    asked = f"psql --version; grep -o ^listen_addresses.*\\' {sample}"
    version, listens = databases.run(command=["sh", "-c", asked]).splitlines()
    assert version.startswith("psql (PostgreSQL) 17.")
    assert listens == "listen_addresses = '*'"
    assert databases.run(command=["--version"]).startswith("postgres (PostgreSQL) 17.")


def test_its_clients_are_on_the_path_and_its_server_runs_as_postgres(databases: Databases) -> None:
    """`docker exec`: the socket asks for no password, and user 999 is the server's."""
    databases.wait_until_ready(PLAIN)
    assert databases.rows(PLAIN, "SELECT 1") == ["1"]
    for program in ("pg_dump", "pg_isready", "psql", "bash", "gosu"):
        assert databases.ask(PLAIN, "sh", "-c", f"command -v {program}")
    server = databases.ask(
        PLAIN, "sh", "-c", "id -u postgres; stat -c %u /proc/1; cat /proc/1/comm"
    )
    assert server.split() == ["999", "999", "postgres"]
    assert databases.rows(PLAIN, "SHOW lc_messages") == ["en_US.utf8"]
    names = "SELECT datname FROM pg_database WHERE NOT datistemplate"
    assert databases.rows(PLAIN, names) == ["postgres"]


def test_others_need_the_password(databases: Databases) -> None:
    """POSTGRES_PASSWORD, note 1; POSTGRES_HOST_AUTH_METHOD: scram-sha-256 where none is given."""
    databases.wait_until_ready(PLAIN)
    assert databases.rows(PLAIN, KEPT_PASSWORD) == ["SCRAM-SHA-256"]
    assert "no password supplied" in databases.over_network(PLAIN, "SELECT 1")[1]
    assert "authentication failed" in databases.over_network(PLAIN, "SELECT 1", PGPASSWORD="1")[1]
    assert databases.over_network(PLAIN, "SELECT 1", PGPASSWORD="one") == (0, "1")
    last = databases.ask(PLAIN, "tail", "-n", "1", "/var/lib/postgresql/data/pg_hba.conf")
    assert last == "host all all all scram-sha-256"


def test_with_trust_nobody_needs_one(databases: Databases) -> None:
    """POSTGRES_HOST_AUTH_METHOD: with trust a password is not required."""
    databases.wait_until_ready(TRUST)
    assert databases.over_network(TRUST, "SELECT 1") == (0, "1")


def test_it_runs_as_a_user_without_a_name(databases: Databases) -> None:
    """Arbitrary --user Notes."""
    databases.wait_until_ready(TRUST)
    assert databases.ask(TRUST, "stat", "-c", "%u:%g", "/proc/1") == STRANGER


def test_user_database_and_places_are_as_asked(databases: Databases) -> None:
    """POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE, _INITDB_ARGS, _INITDB_WALDIR, PGDATA."""
    databases.wait_until_ready(SET)
    assert databases.rows(SET, WHO_ASKS, "keeper", "shop-data") == ["keeper|shop-data|t"]
    assert databases.rows(SET, SETTINGS, "keeper", "shop-data") == [
        "data_checksums|on",
        "data_directory|/var/lib/postgresql/data/inner",
        "max_connections|37",
        "wal_segment_size|4194304",
    ]
    assert "archive_status" in databases.ask(SET, "ls", "/wal")
    words = ("psql", "-XAt", "-h", SET, "-U", "keeper", "-d", "shop-data", "-c", "SELECT 1")
    assert databases.ask(PLAIN, *words, environment={"PGPASSWORD": "two words"}) == "1"


def test_scripts_run_once_in_the_order_of_their_names(databases: Databases) -> None:
    """Initialization scripts: .sql, .sql.gz and .sh, as the superuser and as user postgres."""
    databases.wait_until_ready(SET)
    told = databases.rows(SET, "SELECT by FROM told ORDER BY at", "keeper", "shop-data")
    assert told == ["sql", "gz of keeper", "sh of postgres"]


def test_a_script_that_fails_ends_it_and_the_next_start_does_not_go_on(
    databases: Databases,
) -> None:
    """Initialization scripts, warning: an initialized data directory is left as it is."""
    box = databases.client.containers.get(BROKEN)
    assert box.wait(timeout=IN_TIME_SECONDS)["StatusCode"] != 0
    assert "nonsense" in box.logs().decode()
    box.start()
    databases.wait_until_ready(BROKEN)
    assert databases.rows(BROKEN, "SELECT to_regclass('late') IS NULL") == ["t"]


def test_it_stops_by_itself_and_a_second_start_leaves_all_as_it_was(databases: Databases) -> None:
    """Environment Variables, warning: they count where the data directory is empty."""
    databases.wait_until_ready(PLAIN)
    databases.rows(PLAIN, "CREATE TABLE kept AS SELECT 42 AS x")
    first = databases.client.containers.get(PLAIN)
    first.stop(timeout=20)
    first.reload()
    assert first.attrs["State"]["ExitCode"] == 0
    assert "database system is shut down" in first.logs().decode().splitlines()[-1]
    again = f"{PLAIN}-again"
    options = {"volumes_from": [PLAIN], "environment": {"POSTGRES_PASSWORD": "other"}}
    databases.client.containers.run(
        IMAGE, name=again, network=databases.network, detach=True, **options
    )
    databases.wait_until_ready(again)
    assert databases.rows(again, "SELECT x FROM kept") == ["42"]
    assert databases.over_network(again, "SELECT 1", PGPASSWORD="one") == (0, "1")
    assert (
        "authentication failed" in databases.over_network(again, "SELECT 1", PGPASSWORD="other")[1]
    )
