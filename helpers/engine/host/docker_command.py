"""The `docker` command on the PATH, and the engine that it speaks to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

_ANSWER_SECONDS = 10.0
_VERSION = re.compile(r"\d+\.[\w.+~-]*\w")


@dataclass(frozen=True)
class DockerCommand:
    """A `docker` command, its version, and what its engine is known by (empty: it reached none)."""

    path: str
    version: str
    engine_id: str
    error: str = ""


def docker_command(
    more: Mapping[str, str] | None = None, identity_format: str = "{{.ID}}"
) -> DockerCommand | None:
    """The command and what it says with these further variables; None where there is none.

    `identity_format` is what `docker info` is asked for.
    """
    environment = {**os.environ, **(more or {})}
    path = shutil.which("docker", path=environment.get("PATH"))
    if path is None:
        return None
    version = _VERSION.search(_output([path, "--version"], environment)[0])
    engine_id, error = _output([path, "info", "--format", identity_format], environment)
    return DockerCommand(path, version[0] if version else "", engine_id, error)


def _output(command: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
    """What the command wrote and, where it failed, the last line of its complaint."""
    try:
        ended = subprocess.run(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return "", f"no answer in {_ANSWER_SECONDS:g} s"
    except OSError as error:
        return "", error.strerror or "it cannot be started"
    complaint = ended.stderr.strip().splitlines()[-1:] if ended.returncode else []
    return ended.stdout.strip(), "".join(complaint)
