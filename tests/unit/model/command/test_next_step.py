"""What is said below the engine's own words: the words are those of 28.5's command and engine."""

from __future__ import annotations

import pytest

from helpers.model.command.cell_words import cell_words
from helpers.model.command.next_step import next_step, outcome
from helpers.model.command.typed_command import typed_command

DAEMON = "docker: Error response from daemon: "
WORDS = (
    (DAEMON + 'Conflict. The container name "/web" is already in use by', "docker rm --force web"),
    ("the input device is not a TTY", "terminal"),
    ("Error response from daemon: No such container: wbe", "docker ps --all"),
    ("Error response from daemon: container 12ab is not running", "Start it first"),
    (
        "Error response from daemon: cannot remove container \"web\": container is running: stop "
        "the container before removing or force remove", "--force",
    ),
    (
        DAEMON + "failed to create task for container: OCI runtime create failed: exec: \"nix\": "
        "executable file not found in $PATH", "no such program",
    ),
    (DAEMON + "exec /x: exec format error", "another processor"),
    (DAEMON + "network nix not found", "docker network ls"),
    (DAEMON + "invalid mount config: bind source path does not exist: /nix", "make the folder"),
    ("docker: invalid reference format: repository name (library/Web) must be lowercase", "small"),
    ("unknown flag: --nmae", "--help"),
    ("docker: 'docker run' requires at least 1 argument", "--help"),
    ("docker: invalid containerPort: web", "OUTSIDE:INSIDE"),
    (DAEMON + '"$PWD" includes invalid characters for a local volume name', "{name}"),
    (DAEMON + "driver failed: Bind for 0.0.0.0:80 failed: port is already allocated", "docker ps"),
    ("Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", "doctor"),
    ("Error response from daemon: No such image: nix:latest", "docker images"),
    (DAEMON + "Minimum memory limit allowed is 6MB", "6m"),
    (DAEMON + "unable to find user nix: no matching entries in passwd file", "no such user"),
    (DAEMON + "write /x: no space left on device", "docker system df"),
    ("ERROR: failed to build: unable to prepare context: path \"x\" not found", "folder"),
)  # fmt: skip


@pytest.mark.parametrize(("words", "says"), WORDS, ids=[words[-40:] for words, _ in WORDS])
def test_each_error_has_its_next_step(words: str, says: str) -> None:
    assert says in next_step(words)


def test_words_that_nobody_knows_have_none() -> None:
    assert next_step("something else") == ""


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("run x false", 1, "The program in the container ended with exit code 1."),
        ("run x nix", 127, "no such program in the container"),
        ("run x /etc", 126, "cannot be executed"),
        ("run x y", 125, "Before the container's program began, docker ended with exit code 125."),
        ("run x y", 137, "ended by signal 9"),
        ("run x y", 255, "ended with exit code 255"),
        ("run -d x y", 127, "Docker ended with exit code 127."),
        ("stop x", 1, "Docker ended with exit code 1."),
    ],
)
def test_what_an_exit_code_says(line: str, code: int, says: str) -> None:
    assert says in outcome(typed_command(cell_words(line)), code)
