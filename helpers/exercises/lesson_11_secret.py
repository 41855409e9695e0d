"""How lesson 11's exercise on a password is judged: by inspecting, and by asking the database."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from helpers.exercises.lesson_11_checks import DB, WEB, Part, not_running, not_whole, parts_of
from helpers.exercises.lesson_11_files import OFFICE_PASSWORD
from helpers.model.course.exercise import Finding, not_yet, passed
from helpers.model.text.answer_parts import part_of, text_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

OFFICE, APP_USER = "office", 1234
OFFICE_EXPECTED = (
    f"`{OFFICE}`'s app answers, its database lets nobody in over the network without the password, "
    "and `docker inspect` shows the password of none of its containers"
)
_NAMES = ("POSTGRES_PASSWORD", "PGPASSWORD")
_IN_URL = re.compile(r"^postgres(?:ql)?://[^/@\s]*:[^/@\s]+@")
_QUESTIONS = (
    (
        re.compile(r"no such file", re.IGNORECASE),
        "Which services are to read that file, and does each of them list it under its `secrets:`?",
    ),
    (
        re.compile(r"cannot be read|permission denied", re.IGNORECASE),
        "Does that service list the file under its `secrets:`? It is mounted as it is: what is its "
        f"mode (`ls -l {OFFICE}`), and may user {APP_USER} read it?",
    ),
    (
        re.compile("authentication failed"),
        "Of which start is the volume, and which password was given then? "
        "(`down --volumes` begins from nothing.)",
    ),
)
# Run in the app's container, by the app's own settings: its page, then the database without a
# password and with a wrong one. Prints {question: "in", or why not}.
_ASK = """\
import json, os, sys, time, urllib.request
sys.path.insert(0, os.getcwd())
import psycopg
from shop.database import database_from

def page():
    port = os.environ.get("PORT", "80")
    urllib.request.urlopen(f"http://127.0.0.1:{port}/items", timeout=5).close()

def database(password):
    found = database_from(os.environ)
    psycopg.connect(host=found.host, port=found.port, user=found.user, dbname=found.name,
                    password=password, passfile="/dev/null", connect_timeout=3).close()

def tried(act, *given, seconds=0):
    end = time.monotonic() + seconds
    while True:
        try:
            act(*given)
            return "in"
        except Exception as error:
            if time.monotonic() > end:
                return f"{type(error).__name__}: {error}"
        time.sleep(0.1)

os.environ.pop("PGPASSWORD", None)
print(json.dumps({"page": tried(page, seconds=4), "none": tried(database, None),
                  "wrong": tried(database, "not-the-password")}))
"""


def check_office(docker: Docker) -> Finding:
    """Whether the database asks for a password, and nobody is told it who should not be."""
    parts = parts_of(docker, OFFICE)
    if finding := not_whole(parts, OFFICE, OFFICE_EXPECTED):
        return finding
    web, db = parts[WEB], parts[DB]
    shown = (_in_the_open(part) for part in parts.values())
    return (
        next((finding for finding in shown if finding), None)
        or _lets_all_in(db)
        or not_running(docker, db, db.name, OFFICE_EXPECTED, _QUESTIONS)
        or not_running(docker, web, web.name, OFFICE_EXPECTED, _QUESTIONS)
        or _asked(docker, web)
        or passed("The database asks for its password, and `docker inspect` does not tell it.")
    )


def _in_the_open(part: Part) -> Finding | None:
    for name, value in part.environment.items():
        if OFFICE_PASSWORD in value or _IN_URL.match(value) or (name in _NAMES and value):
            return not_yet(
                f"`docker inspect {part.name}` shows a password, in the variable `{name}`.",
                OFFICE_EXPECTED,
                "Which variable names a file instead, and what puts that file into the container?",
            )
    config = part_of(part.inspected, "Config")
    for key, words in (
        ("Labels", "in a label"),
        ("Cmd", "in its command"),
        ("Entrypoint", "in its entry point"),
        ("Healthcheck", "in its health check"),
    ):
        if OFFICE_PASSWORD in str(config.get(key)):
            return not_yet(
                f"The password stands {words}: `docker inspect {part.name}` shows it.",
                OFFICE_EXPECTED,
                "Who may ask the engine, and who sees a process's words with `ps`?",
            )
    return None


def _lets_all_in(db: Part) -> Finding | None:
    if db.environment.get("POSTGRES_HOST_AUTH_METHOD") != "trust":
        return None
    return not_yet(
        f"`{DB}` was told to `trust`: it asks nobody for a password.",
        OFFICE_EXPECTED,
        "There is no password to see then, and none to need. Who can reach the database?",
    )


def _asked(docker: Docker, web: Part) -> Finding | None:
    printed = docker.container(web.name).exec(["python", "-I", "-c", _ASK])
    try:
        answers: Any = json.loads(printed.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return not_yet(
            f"In `{web.name}` the database could not be asked.",
            OFFICE_EXPECTED,
            "Is it made of the image `shop`?",
        )
    if (page := text_in(answers, "page")) != "in":
        return not_yet(
            f"The app in `{web.name}` does not answer with its items ({page}).",
            OFFICE_EXPECTED,
            "What do its logs say?",
        )
    if "in" in (text_in(answers, "none"), text_in(answers, "wrong")):
        return not_yet(
            "The database lets anybody in over the network, without the password.",
            OFFICE_EXPECTED,
            "What was it told when its volume was new? (`down --volumes` begins from nothing.)",
        )
    return None
