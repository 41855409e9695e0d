"""How lesson 11's exercise on readiness is judged: by what the engine tells of the last start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from helpers.exercises.lesson_11_checks import (
    CAFE_PORT,
    DB,
    WEB,
    Part,
    not_answered,
    not_published,
    not_running,
    not_whole,
    parts_of,
)
from helpers.exercises.lookup import find_volume
from helpers.model.course.exercise import Finding, not_yet, passed
from helpers.model.text.answer_parts import moment_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

CAFE = "cafe"
DATA = "/var/lib/postgresql/data"
READY_EXPECTED = (
    f"`{CAFE}` answers at 127.0.0.1:{CAFE_PORT} after one `up --wait` on a new volume, and `{WEB}` "
    "did not end on the way: it was started once the database answered over the network"
)
# A volume is made right before the first container that has it, and its time has whole seconds.
_NEW_SECONDS = 4.0
_SLEEP = re.compile(r"\bsleep\b[^;&\n]*(?:;|&&|\n)")
_LOOP = re.compile(r"\b(?:until|while)\b")
_CLIENT = re.compile(r"\b(?:pg_isready|psql)\b")
_OVER_NETWORK = re.compile(r"(?:^|\s)(?:-h\s*|--host[=\s]\s*)[^/\s]|\bhost=[^/\s]|://|hostaddr=")
_GAVE_UP, _LISTENS = "is not available", "Listening on"
# The exit codes of who was asked to end: done, SIGINT, SIGKILL, SIGTERM.
_ASKED_TO = ("0", "130", "137", "143")


def check_ready(docker: Docker) -> Finding:
    """Whether the app came up in one go, on a new volume, since it waited for an answer."""
    parts = parts_of(docker, CAFE)
    if finding := not_whole(parts, CAFE, READY_EXPECTED):
        return finding
    web, db = parts[WEB], parts[DB]
    return (
        _in_memory(web)
        or _by_the_clock(web)
        or _by_the_socket(db)
        or _crashed(docker, web)
        or _not_waiting(web, db)
        or not_running(docker, web, WEB, READY_EXPECTED)
        or not_published(web, CAFE_PORT, READY_EXPECTED)
        or _not_new(docker, db)
        or not_answered(docker, web, "/items", CAFE_PORT, READY_EXPECTED)
        or passed(f"`{CAFE}` came up at the first try, on a new volume.")
    )


def _in_memory(web: Part) -> Finding | None:
    if web.environment.keys() & {"POSTGRES_HOST", "DATABASE_URL"}:
        return None
    return not_yet(
        f"`{WEB}` was told of no database, so it keeps its items in memory.",
        READY_EXPECTED,
        "Which variable says where the database is?",
    )


def _by_the_clock(web: Part) -> Finding | None:
    if not _SLEEP.search(web.words) or _LOOP.search(web.words):
        return None
    return not_yet(
        f"The command of `{WEB}` sleeps first, which is a guess about time.",
        READY_EXPECTED,
        "What if the machine is slower than yours today? Who knows when the database answers?",
    )


def _by_the_socket(db: Part) -> Finding | None:
    asks = _CLIENT.search(db.health_check)
    if not asks or _OVER_NETWORK.search(db.health_check) or db.environment.get("PGHOST"):
        return None
    return not_yet(
        f"The health check of `{DB}` asks through the socket: `{asks[0]}` without a host.",
        READY_EXPECTED,
        "Who answers on the socket while the database is being made, and on which address does "
        f"`{WEB}` ask?",
    )


def _crashed(docker: Docker, web: Part) -> Finding | None:
    """By the restarts that the engine counts, or its events, or the log where those are forgotten.

    A process that ends is of no account where its container was replaced: those are others' ids.
    """
    if web.restarts:
        times = "once" if web.restarts == 1 else f"{web.restarts} times"
        return not_yet(
            f"`{WEB}` crashed {times} first, and its restart policy started it again.",
            READY_EXPECTED,
            "It came up in the end. What if it was in the middle of something? What should it "
            "have waited for?",
        )
    if web.status != "running":
        return None
    box = docker.container(web.name)
    before = box.logs().partition(_LISTENS)[0]
    ends = (each.attributes.get("exitCode", "0") for each in box.events() if each.action == "die")
    if _GAVE_UP not in before and all(code in _ASKED_TO for code in ends):
        return None
    return not_yet(
        f"`{WEB}` has ended with an error before, and was started again.",
        READY_EXPECTED,
        f"`%docker compose -f {CAFE}/compose.yaml down --volumes`, then one `up --wait`: does it "
        "come up at the first try?",
    )


def _not_waiting(web: Part, db: Part) -> Finding | None:
    if web.health_check and _LOOP.search(web.words):
        return None
    if not db.health_check:
        return not_yet(
            f"`{DB}` has no health check, so nobody knows when it is ready.",
            READY_EXPECTED,
            "Which command tells that the database answers, and whom does it ask?",
        )
    if not web.waits_for_health:
        return not_yet(
            f"`{WEB}` is started as soon as `{DB}` has been started.",
            READY_EXPECTED,
            "Which `condition` under `depends_on` waits for the health check?",
        )
    return None


def _not_new(docker: Docker, db: Part) -> Finding | None:
    """Whether the database was made in this start: the second start of a bad file goes well."""
    name = db.volume_at(DATA)
    if not name or find_volume(docker, name) is None:
        return None
    volume: Any = docker.client.api.inspect_volume(name)
    made = moment_in(volume, "CreatedAt")
    if not made or db.started - made <= _NEW_SECONDS:
        return None
    return not_yet(
        f"The volume `{name}` is older than this start, so the database was there already.",
        READY_EXPECTED,
        "Which word behind `down` takes the volumes along, so that `up` begins from nothing?",
    )
