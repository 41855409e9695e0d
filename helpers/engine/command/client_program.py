"""The docker command of this machine: where it is, what it can do, whom it speaks to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache

from helpers.engine.base.endpoint import Endpoint
from helpers.errors import SetupFailed

_ANSWER_SECONDS = 10.0
_RAW_PROGRESS = (0, 13)
_VERSION = re.compile(r"v?(\d+)\.(\d+)")


def client_program() -> str:
    """Its path; raises SetupFailed where there is none."""
    path = shutil.which("docker")
    if path is None:
        raise SetupFailed(
            "There is no `docker` command on this machine.",
            "Install Docker's command line (docs.docker.com/engine/install; on Debian the package "
            "docker-cli, with Homebrew `brew install docker`), then start JupyterLab anew.",
        )
    return path


def client_environment(endpoint: Endpoint) -> dict[str, str]:
    """What makes it take this engine, and no other that the environment may name."""
    ours = endpoint.environment()
    others = {"DOCKER_HOST", "DOCKER_CONTEXT"} - set(ours)
    kept = {name: value for name, value in os.environ.items() if name not in others}
    return {**kept, **ours}


def tells_raw_progress(environment: Mapping[str, str]) -> bool:
    """Whether its builds tell their steps as JSON: BuildKit, and buildx 0.13 or newer."""
    if environment.get("DOCKER_BUILDKIT", "1").lower() in ("0", "false"):
        return False
    version = _buildx(client_program(), environment.get("DOCKER_CONFIG", ""))
    return version is not None and version >= _RAW_PROGRESS


@cache
def _buildx(program: str, config: str) -> tuple[int, int] | None:
    """The release of its plug-in buildx; None where it has none."""
    try:
        answer = subprocess.run(
            [program, "buildx", "version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(answer.stdout.replace("github.com/docker/buildx", ""))
    return (int(match[1]), int(match[2])) if match and not answer.returncode else None
