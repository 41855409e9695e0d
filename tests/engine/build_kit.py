"""What the tests of builds share: folders to build, and a docker command with BuildKit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from docker import DockerClient

from tests.engine.conftest import LABEL

TWO_STAGES = """\
ARG VERSION=1.37
FROM busybox:${VERSION} AS maker
WORKDIR /work
RUN echo made > /made
RUN echo complaint >&2; printf 'no end of line'
FROM busybox:1.37
ARG GREETING=hello
COPY a.txt /
COPY --from=maker /made /made
ENV SHOWN=$GREETING
RUN echo $GREETING; echo more
CMD ["sh"]
"""
STEPS = [
    (2, "maker", "FROM busybox:${VERSION} AS maker"),
    (3, "maker", "WORKDIR /work"),
    (4, "maker", "RUN echo made > /made"),
    (5, "maker", "RUN echo complaint >&2; printf 'no end of line'"),
    (6, "stage-1", "FROM busybox:1.37"),
    (8, "stage-1", "COPY a.txt /"),
    (9, "stage-1", "COPY --from=maker /made /made"),
    (11, "stage-1", "RUN echo $GREETING; echo more"),
]


def put(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder, now with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@cache
def command() -> tuple[str, ...]:
    """A docker command that builds with BuildKit; skips the test where there is none."""
    for place in os.environ.get("PATH", "").split(os.pathsep):
        program = Path(place) / "docker"
        if program.is_file() and _builds_with_buildkit(str(program)):
            return (str(program), "build")
    pytest.skip("no docker command here builds with BuildKit")


def is_old_command() -> bool:
    """Whether that command is one of before 23, which walks a context by rules of its own."""
    return _major(command()[0]) < 23


def _major(program: str) -> int:
    words = [program, "version", "--format", "{{.Client.Version}}"]
    version = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    first = version.split(".")[0]
    return int(first) if first.isdecimal() else 0


def _builds_with_buildkit(program: str) -> bool:
    if 18 <= _major(program) < 23:
        return True
    has_buildx = subprocess.run([program, "buildx", "version"], capture_output=True, check=False)
    return has_buildx.returncode == 0


def built_by_command(client: DockerClient, folder: Path, tag: str, *options: str) -> str:
    """The id of the image that the docker command builds, with the label of these tests."""
    label = f"workbook.lesson={LABEL}"
    done = subprocess.run(
        [*command(), "-t", tag, "--label", label, *options, str(folder)],
        env={**os.environ, "DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return image_id(client, tag) or ""


def image_id(client: DockerClient, name: str) -> str | None:
    """The id of the image of that name, if the engine has one."""
    found = client.api.images(name=name)
    return str(found[0]["Id"]) if found else None
