"""What the doctor says about an engine: values in, a row out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.doctor.check import Check, Status
from helpers.doctor.examined_engine import ExaminedEngine
from helpers.engine.command.compose_program import ComposeRelease
from helpers.engine.host.docker_command import DockerCommand
from helpers.engine.host.machine import Disk
from helpers.errors import WorkbookError
from helpers.model.features.feature import Features
from helpers.model.text.answer_parts import count_in, text_in
from helpers.model.text.units import format_bytes, format_memory, format_seconds

ENOUGH_MEMORY_BYTES, LEAST_MEMORY_BYTES = 2 * 1024**3, 512 * 1024**2
ENOUGH_DISK_BYTES, LEAST_DISK_BYTES = 5 * 10**9, 10**9
_INSTALL_COMMAND = (
    "Install it: docs.docker.com/engine/install (on Debian the package docker-cli or docker.io)."
)
_INSTALL_COMPOSE = "Install it: docs.docker.com/compose/install (on Debian docker-compose)."


def engine_row(words: str, seconds: float) -> Check:
    """An engine that has run a container, which took so long."""
    ran = f"It ran a container in {format_seconds(seconds)}."
    return Check("engine", "Engine", "ok", f"{words}. {ran}")


def untried_engine(words: str, why: WorkbookError) -> Check:
    """An engine that answers, and that there is no image to run a container of."""
    observed = f"{words}. No container was tried: {why.message}"
    step = "Run `./workbook images fetch`, then this again."
    return Check("engine", "Engine", "warning", observed, step)


def engine_words(engine: ExaminedEngine, info: Mapping[str, Any], kind: str) -> str:
    """What engine it is, and how it came to be looked at."""
    if engine.choice and engine.choice.private:
        started = ", started for this check and stopped again" if engine.was_started else ""
        about = engine.choice.private.sentence().rstrip(".")
        return f"The workbook's own{started}: {about}"
    where = f", found by {engine.choice.origin}" if engine.choice else ""
    return f"{kind} {text_in(info, 'ServerVersion')}{where}"


def windows_containers() -> Check:
    """An engine that runs Windows programs."""
    return Check(
        "engine",
        "Engine",
        "problem",
        "The engine runs Windows containers, and the lessons need Linux ones.",
        "In Docker Desktop's menu choose 'Switch to Linux containers'.",
    )


def no_engine(problem: WorkbookError) -> Check:
    """No engine that could be used, and why."""
    return Check("engine", "Engine", "problem", problem.message, problem.next_step)


def not_looked_at(name: str, title: str, why: str = "there is no engine") -> Check:
    """A row that needs what there is none of here."""
    return Check(name, title, "warning", f"Not looked at: {why}.")


def builder_row(features: Features) -> Check:
    """How the engine builds images."""
    built = features["buildkit_api"]
    if built.available:
        return Check("builder", "Builder", "ok", built.observed)
    step = "Update the engine; until then the lessons on builds show less."
    return Check("builder", "Builder", "warning", built.observed, step)


def command_row(
    plain: DockerCommand | None,
    identity: str = "",
    led: DockerCommand | None = None,
    variable: str = "",
) -> Check:
    """The `docker` command as it is, and as led to the engine by a variable (in the lessons)."""
    title = "docker command"
    if led and led.engine_id == identity and (plain is None or led.path != plain.path):
        other = f", in a plain terminal docker {plain.version}" if plain else ""
        observed = f"docker {led.version}, the engine's own, in the lessons{other}."
        return Check("command", title, "ok", observed)
    if plain is None:
        observed = "There is no `docker` command on the PATH, and lessons let you type some."
        return Check("command", title, "problem", observed, _INSTALL_COMMAND)
    name = f"docker {plain.version}".strip()
    if not identity:
        return Check("command", title, "ok", f"{name} at {plain.path}.")
    if plain.engine_id == identity:
        return Check("command", title, "ok", f"{name} speaks to the same engine.")
    step = f"In a terminal, set {variable} first."
    if led and led.engine_id == identity:
        observed = (
            f"{name} speaks to the same engine in the lessons, in a plain terminal it does not."
        )
        return Check("command", title, "ok", observed, step)
    why = f": {led.error}" if led and led.error else ""
    observed = f"{name} does not speak to the same engine{why}."
    return Check("command", title, "warning", observed, step)


def compose_row(compose: ComposeRelease | None) -> Check:
    """The Compose that `docker compose` is in the lessons."""
    if compose is None:
        observed = "There is no Compose, and lesson 11 lets you type some."
        return Check("compose", "Compose", "warning", observed, _INSTALL_COMPOSE)
    if not compose.package:
        return Check(
            "compose", "Compose", "ok", f"Compose {compose.version} is a plug-in of docker."
        )
    observed = f"Compose {compose.version} comes with the notebooks: docker has no such plug-in."
    step = f"For terminals, too, put a link to {compose.package} into ~/.docker/cli-plugins."
    return Check("compose", "Compose", "ok", observed, step)


def memory_row(info: Mapping[str, Any]) -> Check:
    """The memory and processors that the engine has for its containers."""
    total = count_in(info, "MemTotal")
    observed = (
        f"The engine has {format_memory(total)} of memory and {text_in(info, 'NCPU')} processors."
    )
    status = _amount(total, ENOUGH_MEMORY_BYTES, LEAST_MEMORY_BYTES)
    step = f"Give the engine's machine {format_memory(ENOUGH_MEMORY_BYTES)} or more."
    return Check("memory", "Memory", status, observed, "" if status == "ok" else step)


def disk_row(disks: Sequence[Disk]) -> Check:
    """The room on the disks that lessons fill."""
    observed = "; ".join(
        f"{format_bytes(disk.free_bytes)} free for {' and '.join(disk.purposes)}" for disk in disks
    )
    least = min(disks, key=lambda disk: disk.free_bytes, default=None)
    if least is None:
        return Check("disk", "Disk", "warning", "The disks cannot be looked at.")
    status = _amount(least.free_bytes, ENOUGH_DISK_BYTES, LEAST_DISK_BYTES)
    step = f"Make room on the disk of {least.folder} ({format_bytes(ENOUGH_DISK_BYTES)} are good)."
    return Check("disk", "Disk", status, f"{observed}.", "" if status == "ok" else step)


def features_row(features: Features) -> Check:
    """How many features there are, and which are not; a missing one changes lessons only."""
    absent = [item.title for item in features.values() if not item.available]
    observed = f"{len(features) - len(absent)} of {len(features)}"
    if absent:
        observed += f"; lessons adapt to what is missing or unknown: {', '.join(absent)}"
    return Check("features", "Features", "ok", f"{observed}.")


def _amount(size: int, enough: int, least: int) -> Status:
    if size >= enough:
        return "ok"
    return "warning" if size >= least else "problem"
