"""Which program takes `docker compose`: the learner's plug-in, the package's, or nobody."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helpers.engine.command import compose_program as tested
from helpers.engine.command.compose_program import ComposeRelease, compose_program, compose_release

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker command without Compose."""
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return program


def test_the_learners_own_plug_in_comes_first(docker: Path) -> None:
    docker.write_text("#!/bin/sh\necho Docker Compose version v2.40.3\n")
    program = compose_program({})
    assert program.path == str(docker)
    assert program.environment == {
        "COMPOSE_PROGRESS": "plain", "COMPOSE_ANSI": "never", "COMPOSE_MENU": "false",
    }  # fmt: skip


def test_the_package_is_called_as_a_plug_in_is(docker: Path) -> None:
    program = compose_program({"COMPOSE_PROGRESS": "json"})
    assert Path(program.path).name == "docker-compose"
    assert program.environment["DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"] == str(docker)
    assert program.environment["COMPOSE_PROGRESS"] == "json"


def test_what_is_found_has_its_version(docker: Path) -> None:
    found = compose_release()
    assert found is not None
    assert Path(found.package).name == "docker-compose"
    assert found.version.startswith("5.")
    docker.write_text("#!/bin/sh\necho Docker Compose version v2.40.3\n")
    assert compose_release() == ComposeRelease("2.40.3")
    assert compose_release({"PATH": ""}) is None


def test_a_plug_in_that_came_meanwhile_is_taken(docker: Path) -> None:
    assert compose_program({}).path != str(docker)
    docker.write_text("#!/bin/sh\nexit 0\n")
    assert compose_program({}).path == str(docker)


def test_without_either_docker_says_so_itself(
    docker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "_PACKAGE", "no-such-package")
    assert compose_program({}).path == str(docker)
