"""How the exercise on a secret of lesson 09 is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.exercises.lesson_09_checks import facts_of, status_of
from helpers.exercises.lesson_09_files import SIGN_TOKEN
from helpers.exercises.lookup import find_container
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import part_of

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

SIGNER, SIGNER_USER, SECRET = "signer", 1234, "/run/secrets/token"
SIGNER_EXPECTED = (
    f"`{SIGNER}` reads the token at `{SECRET}` as user {SIGNER_USER}, and it stands nowhere else"
)


def check_signer(docker: Docker) -> Finding:
    """Whether the container reads the token, and nobody else is told."""
    box = find_container(docker, SIGNER)
    if box is None:
        return not_started(f"There is no container named `{SIGNER}` yet.", SIGNER_EXPECTED)
    return (
        _in_the_open(docker, box)
        or _not_running(box)
        or _unread(box)
        or _in_its_layer(docker)
        or passed(f"`{SIGNER}` reads the token, and nobody else is told.")
    )


def _in_the_open(docker: Docker, box: Container) -> Finding | None:
    inspected: Any = docker.client.api.inspect_container(SIGNER)
    config = part_of(inspected, "Config")
    for part, words, question in (
        ("Env", "among its variables", "Who may ask `docker inspect`?"),
        ("Labels", "in a label", "Labels are for everybody. What is for the process alone?"),
        ("Cmd", "in its command", "Who sees a process's command with `ps`?"),
        ("Entrypoint", "in its entry point", "Who sees a process's command with `ps`?"),
    ):
        if SIGN_TOKEN in str(config.get(part)):
            return not_yet(f"The token stands {words}.", SIGNER_EXPECTED, question)
    if SIGN_TOKEN in str(inspected):
        return not_yet(
            "The token stands in what `docker inspect` shows.",
            SIGNER_EXPECTED,
            "On which line? Which option put it there?",
        )
    if SIGN_TOKEN in box.logs():
        return not_yet(
            "The token stands in the log.",
            SIGNER_EXPECTED,
            "Who may ask `docker logs`? Which of its commands prints the file?",
        )
    if matches := docker.image(box.state.image_id).find(SIGN_TOKEN):
        return not_yet(
            f"The token stands in the image ({matches[0].kind}).",
            SIGNER_EXPECTED,
            "Who gets the image when it is pushed? Is the token needed to build it?",
        )
    return None


def _not_running(box: Container) -> Finding | None:
    if box.status == "running":
        return None
    return not_yet(
        f"`{SIGNER}` is {box.status}.",
        SIGNER_EXPECTED,
        "Does its program last, and what does its log say?",
    )


def _unread(box: Container) -> Finding | None:
    status = status_of(box)
    if status and status.user != SIGNER_USER:
        return not_yet(
            f"`{SIGNER}` runs as user {status.user}.",
            SIGNER_EXPECTED,
            f"Which option makes it user {SIGNER_USER}?",
        )
    read = box.exec(["cat", SECRET])
    if SIGN_TOKEN in read:
        return None
    if "denied" in read:
        return not_yet(
            f"There is a `{SECRET}`, and user {SIGNER_USER} cannot read it.",
            SIGNER_EXPECTED,
            "Whose is the file on the machine, and what is its mode (`ls -l`)?",
        )
    return not_yet(
        f"The token cannot be read at `{SECRET}`.",
        SIGNER_EXPECTED,
        "Is the file mounted there, and is it the one in `safe`? (Docker makes a folder where it "
        "finds no file.)",
    )


def _in_its_layer(docker: Docker) -> Finding | None:
    facts = facts_of(docker, SIGNER)
    if facts and any(f"{SECRET}/".startswith(f"{mount.target}/") for mount in facts.mounts):
        return None
    return not_yet(
        f"`{SECRET}` lies in the container's writable layer.",
        SIGNER_EXPECTED,
        "Who has it after a `docker commit`? Which option brings a file without copying it?",
    )
