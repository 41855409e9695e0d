"""What lesson 11's checks say of ways that would each take an engine seconds to go.

The other ways are gone on a real engine, in tests/engine/exercise_cases/lesson_11.py.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from helpers.exercises.lesson_11_files import OFFICE_PASSWORD
from helpers.exercises.lesson_11_ready import check_ready
from helpers.exercises.lesson_11_secret import check_office
from helpers.exercises.lesson_11_worlds import check_worlds
from helpers.model.course.exercise import Finding, Outcome
from tests.unit.exercises.told_engine import CREATED, ToldContainer, told_engine

EARLIER = "2026-01-01T11:59:00Z"
FILE = {"com.docker.compose.project.config_files": "/not/there/compose.yaml"}
HEALTHY = {**FILE, "com.docker.compose.depends_on": "db:service_healthy:false"}
CHECK = {"Healthcheck": {"Test": ["CMD-SHELL", "pg_isready -h 127.0.0.1"]}}
DATA = [{"Name": "cafe_data", "Destination": "/var/lib/postgresql/data"}]


def published(port: int, address: str = "127.0.0.1") -> dict[str, Any]:
    return {"PortBindings": {"8000/tcp": [{"HostIp": address, "HostPort": str(port)}]}}


DATABASE = {"Env": ["POSTGRES_HOST=db"]}
CAFE_WEB = ToldContainer("cafe", "web", DATABASE, published(4111), labels=HEALTHY)
CAFE_DB = ToldContainer("cafe", "db", CHECK, mounts=DATA)


def is_said(finding: Finding, words: str) -> None:
    assert finding.outcome is Outcome.NOT_YET
    assert words in f"{finding.observed}\n{finding.question}"


def test_an_app_that_comes_up_at_the_first_try_passes() -> None:
    engine = told_engine(CAFE_WEB, CAFE_DB, volumes={"cafe_data": CREATED})
    assert check_ready(engine).passed


@pytest.mark.parametrize(
    ("web", "says"),
    [
        (replace(CAFE_WEB, config={}), "told of no database"),
        (replace(CAFE_WEB, labels={}), "as soon as `db` has been started"),
        (replace(CAFE_WEB, exit_codes=(1,)), "ended with an error before"),
        (
            replace(CAFE_WEB, log="the database is not available\nListening on 8000"),
            "ended with an error before",
        ),
        (
            replace(CAFE_WEB, status="exited", exit_code=1, log="up\nno \x1b[1mroute"),
            "`web` is exited, with exit code 1. Its last word: `no \\x1b[1mroute`.",
        ),
        (replace(CAFE_WEB, host=published(4111, "")), "4111 for the whole neighbourhood"),
        (replace(CAFE_WEB, host=published(4110)), "does not publish port 4111"),
        (replace(CAFE_WEB, service="app"), "no container of the service `web`"),
        (replace(CAFE_WEB, answer_status=404), "/items is answered with 404"),
        (
            replace(CAFE_WEB, config={**DATABASE, "Cmd": ["sh", "-c", "sleep 5; exec app"]}),
            "a guess about time",
        ),
    ],
    ids=[
        "memory",
        "not waiting",
        "events",
        "log",
        "ended",
        "neighbourhood",
        "another port",
        "no app",
        "no items",
        "sleeps",
    ],
)
def test_an_app_that_does_not_is_told_why(web: ToldContainer, says: str) -> None:
    is_said(check_ready(told_engine(web, CAFE_DB, volumes={"cafe_data": CREATED})), says)


@pytest.mark.parametrize("code", [0, 130, 137, 143])
def test_an_app_that_was_asked_to_end_before_passes(code: int) -> None:
    assert check_ready(told_engine(replace(CAFE_WEB, exit_codes=(code,)), CAFE_DB)).passed


def test_a_volume_of_an_earlier_start_is_told() -> None:
    engine = told_engine(CAFE_WEB, CAFE_DB, volumes={"cafe_data": EARLIER})
    is_said(check_ready(engine), "`cafe_data` is older than this start")


def answers(page: str = "in", none: str = "no", wrong: str = "no") -> str:
    return json.dumps({"page": page, "none": none, "wrong": wrong})


OFFICE_WEB = ToldContainer("office", "web", printed=answers())
OFFICE_DB = ToldContainer("office", "db")
OFFICE = {"com.docker.compose.project": "office", "com.docker.compose.service": "db"}


def test_an_office_that_hides_its_password_passes() -> None:
    assert check_office(told_engine(OFFICE_WEB, OFFICE_DB)).passed


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"Cmd": ["sh", "-c", f"echo {OFFICE_PASSWORD}"]}, "in its command"),
        ({"Env": [f"POSTGRES_PASSWORD={OFFICE_PASSWORD}"]}, "in the variable `POSTGRES_PASSWORD`"),
        ({"Labels": {**OFFICE, "password": OFFICE_PASSWORD}}, "in a label"),
        ({"Entrypoint": ["echo", OFFICE_PASSWORD]}, "in its entry point"),
        (
            {"Healthcheck": {"Test": ["CMD-SHELL", f"PGPASSWORD={OFFICE_PASSWORD} psql"]}},
            "in its health check",
        ),
    ],
    ids=["command", "variable", "label", "entry point", "health check"],
)
def test_a_password_in_sight_is_told(config: dict[str, Any], says: str) -> None:
    is_said(check_office(told_engine(OFFICE_WEB, replace(OFFICE_DB, config=config))), says)


@pytest.mark.parametrize(
    ("web", "says"),
    [
        (replace(OFFICE_WEB, printed="python: not found\n"), "could not be asked"),
        (replace(OFFICE_WEB, printed=""), "could not be asked"),
        (
            replace(OFFICE_WEB, printed=answers(page="URLError: refused")),
            "does not answer with its items (URLError: refused)",
        ),
        (replace(OFFICE_WEB, printed=answers(none="in")), "lets anybody in over the network"),
        (replace(OFFICE_WEB, printed=answers(wrong="in")), "lets anybody in over the network"),
        (
            replace(OFFICE_WEB, status="exited", log="password authentication failed for user"),
            "Of which start is the volume",
        ),
        (
            replace(OFFICE_WEB, status="exited", log="cannot be read: No such file or directory"),
            "list it under its `secrets:`",
        ),
    ],
    ids=[
        "another app",
        "silent",
        "no page",
        "no password",
        "any password",
        "another password",
        "no secret",
    ],
)
def test_what_the_app_tells_of_its_database_is_told(web: ToldContainer, says: str) -> None:
    is_said(check_office(told_engine(web, OFFICE_DB)), says)


DEV_WEB = ToldContainer("cafe-dev", "web", host=published(4112), labels=FILE)
DEV_TOOL, CAFE_TOOL = ToldContainer("cafe-dev", "tool"), ToldContainer("cafe", "tool")


def test_two_worlds_of_one_file_pass() -> None:
    assert check_worlds(told_engine(CAFE_WEB, DEV_WEB, DEV_TOOL)).passed


@pytest.mark.parametrize(
    ("containers", "says"),
    [
        ([CAFE_WEB, DEV_TOOL], "`cafe-dev` has no container of the service `web`"),
        ([DEV_WEB, DEV_TOOL], "`cafe` does not run"),
        ([replace(CAFE_WEB, status="exited"), DEV_WEB, DEV_TOOL], "`cafe` does not run"),
        (
            [replace(CAFE_WEB, status="created", host=published(4112)), DEV_WEB, DEV_TOOL],
            "`cafe-web-1` wants port 4112, which is `cafe-dev`'s, and does not run",
        ),
        (
            [CAFE_WEB, replace(DEV_WEB, host=published(4112, "0.0.0.0")), DEV_TOOL],
            "port 4112 for the whole neighbourhood",
        ),
        ([CAFE_WEB, replace(DEV_WEB, status="exited"), DEV_TOOL], "`cafe-dev-web-1` is exited"),
        ([CAFE_WEB, replace(DEV_WEB, host=published(4110)), DEV_TOOL], "not publish port 4112"),
        ([CAFE_WEB, DEV_WEB], "No `tool` runs in `cafe-dev`"),
        ([CAFE_WEB, DEV_WEB, CAFE_TOOL], "`tool` runs in `cafe`, and not in `cafe-dev`"),
        ([CAFE_WEB, replace(DEV_WEB, answer_status=404), DEV_TOOL], "is answered with 404"),
    ],
    ids=[
        "tool alone",
        "one world",
        "one ended",
        "port for both",
        "neighbourhood",
        "ended",
        "other port",
        "no tool",
        "other tool",
        "no page",
    ],
)
def test_two_worlds_that_are_none_are_told_why(containers: list[ToldContainer], says: str) -> None:
    is_said(check_worlds(told_engine(*containers)), says)


def test_a_tool_of_no_project_is_told() -> None:
    engine = told_engine(CAFE_WEB, DEV_WEB, strangers=("wbk-tool",))
    is_said(check_worlds(engine), "`wbk-tool` runs, and is no part of `cafe-dev`")
