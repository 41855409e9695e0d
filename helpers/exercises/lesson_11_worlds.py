"""How lesson 11's exercise on one file for two projects is judged."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from helpers.errors import WorkbookError
from helpers.exercises.lesson_11_checks import (
    CAFE_PORT,
    DB,
    DEV_PORT,
    WEB,
    Part,
    not_answered,
    not_published,
    not_running,
    parts_of,
)
from helpers.exercises.lesson_11_ready import CAFE
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import tables_of, texts_of
from helpers.outside import visible_line

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

DEV, TOOL = "cafe-dev", "tool"
WORLDS_EXPECTED = (
    f"`{CAFE}` runs as before; beside it `{DEV}`, from the same file, answers at "
    f"127.0.0.1:{DEV_PORT} and has a `{TOOL}`, which `{CAFE}` has not"
)


def check_worlds(docker: Docker) -> Finding:
    """Whether two projects run from one file, each in its own way."""
    dev, cafe = parts_of(docker, DEV), parts_of(docker, CAFE)
    if not dev:
        return not_started(f"There is no container of the project `{DEV}` yet.", WORLDS_EXPECTED)
    if WEB not in cafe or cafe[WEB].status != "running":
        return _no_cafe(cafe.get(WEB))
    if WEB not in dev:
        return not_yet(
            f"`{DEV}` has no container of the service `{WEB}`.",
            WORLDS_EXPECTED,
            "Which services does `up` start where none is named, and where one is?",
        )
    return (
        _another_file(dev[WEB], cafe[WEB])
        or _same_port(dev[WEB])
        or _changed(docker, cafe[WEB])
        or not_published(dev[WEB], DEV_PORT, WORLDS_EXPECTED)
        or not_running(docker, dev[WEB], dev[WEB].name, WORLDS_EXPECTED)
        or _tools(docker, dev, cafe)
        or not_answered(docker, dev[WEB], "/", DEV_PORT, WORLDS_EXPECTED)
        or passed(f"One file, and two worlds: `{CAFE}`, and `{DEV}` with its `{TOOL}`.")
    )


def _no_cafe(web: Part | None) -> Finding:
    if web and DEV_PORT in (port for _, port in web.wanted):
        return not_yet(
            f"`{web.name}` wants port {DEV_PORT}, which is `{DEV}`'s, and does not run.",
            WORLDS_EXPECTED,
            "For which commands is `PORT` set (`%env PORT` in a cell), and for which should it be?",
        )
    return not_yet(
        f"There is a `{DEV}`, and `{CAFE}` does not run.",
        WORLDS_EXPECTED,
        f"Two worlds at the same time: what brings `{CAFE}` up again?",
    )


def _another_file(dev: Part, cafe: Part) -> Finding | None:
    if _real(dev.file) == _real(cafe.file):
        return None
    ours = visible_line("/".join(PurePath(dev.file.replace("\\", "/")).parts[-2:]))
    return not_yet(
        f"`{DEV}` was made from another file, `{ours}`.",
        WORLDS_EXPECTED,
        "Who remembers to change both when the app changes? Which option of `docker compose` "
        "gives a project its name?",
    )


def _real(path: str) -> Path:
    return Path(path).resolve()


def _same_port(dev: Part) -> Finding | None:
    if CAFE_PORT not in (port for _, port in dev.wanted):
        return None
    return not_yet(
        f"`{dev.name}` wants port {CAFE_PORT}, which is `{CAFE}`'s.",
        WORLDS_EXPECTED,
        "The file says `${PORT:-…}`. Who may set `PORT`, for one project alone?",
    )


def _changed(docker: Docker, cafe: Part) -> Finding | None:
    """Whether the file is another now than the one that `cafe` was made from.

    One that was written since may still say the same; Compose's own hash of the service tells.
    """
    try:
        is_newer = Path(cafe.file).stat().st_mtime > cafe.created
    except OSError:
        return None
    now = _hash_of(docker, cafe) if is_newer else ""
    if not now or now == cafe.labels.get("com.docker.compose.config-hash"):
        return None
    return not_yet(
        f"The file has been changed since `{CAFE}` was made from it.",
        WORLDS_EXPECTED,
        f"What would become of `{CAFE}` with its next `up`? What can say otherwise from outside: "
        "a variable, an `--env-file`, a second `-f`?",
    )


def _hash_of(docker: Docker, part: Part) -> str:
    """What Compose makes of the service in the file as it stands; '' where it cannot say."""
    words = ["compose", "-p", CAFE]
    for option, label in (("-f", "config_files"), ("--env-file", "environment_file")):
        listed = part.labels.get(f"com.docker.compose.project.{label}", "")
        words += [word for each in listed.split(",") if each for word in (option, each)]
    words += ["config", "--hash", part.service]
    try:
        answer = docker.typed.run(words, None, lambda piece: None)
    except WorkbookError:
        return ""
    name, _, digest = str(answer).strip().partition(" ")
    return digest.strip() if name == part.service else ""


def _tools(docker: Docker, dev: dict[str, Part], cafe: dict[str, Part]) -> Finding | None:
    here, there = _running_tools(dev), _running_tools(cafe)
    if both := sorted(here & there):
        return not_yet(
            f"`{both[0]}` runs in both, in `{DEV}` and in `{CAFE}`.",
            WORLDS_EXPECTED,
            f"A profile counts for one command. Which command gave it to `{CAFE}`, too?",
        )
    if here:
        return None
    if there:
        return not_yet(
            f"`{sorted(there)[0]}` runs in `{CAFE}`, and not in `{DEV}`.",
            WORLDS_EXPECTED,
            "Which of the two is for looking around in?",
        )
    if stranger := _stranger(docker):
        return not_yet(
            f"`{visible_line(stranger)}` runs, and is no part of `{DEV}`.",
            WORLDS_EXPECTED,
            f"Who would take it along with `down`? Which option lets `up` start the `{TOOL}`?",
        )
    return not_yet(
        f"No `{TOOL}` runs in `{DEV}`.",
        WORLDS_EXPECTED,
        "Which profile does it have in the file, and who asks for that profile?",
    )


def _running_tools(parts: dict[str, Part]) -> set[str]:
    return {
        service
        for service, part in parts.items()
        if service not in (WEB, DB) and part.status == "running"
    }


def _stranger(docker: Docker) -> str:
    """A container with a tool's name that runs and is no part of the project; '' for none."""
    listed = tables_of(docker.client.api.containers())
    names = (name.lstrip("/") for each in listed for name in texts_of(each, "Names"))
    return next((name for name in names if TOOL in name), "")
