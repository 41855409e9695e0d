"""What is said below the engine's own words.

Those above are of 28.5's command and engine; those in tests/recorded/engine_words were printed by
28.5's command for engines 28.5 and 20.10, each command typed as it stands there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.command.cell_words import cell_words
from helpers.model.command.compose_words import COMPOSE_WORDS
from helpers.model.command.container_words import CONTAINER_WORDS
from helpers.model.command.engine_words import ENGINE_WORDS
from helpers.model.command.next_step import next_step, outcome, program_ran, step_after
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
    (
        DAEMON + "failed to set up container networking: driver failed programming external "
        "connectivity: failed to bind host port for 127.0.0.1:4000:172.17.0.2:80/tcp: address "
        "already in use", "or else another program",
    ),
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


@pytest.mark.parametrize(
    ("line", "words", "ran"),
    [
        # As 28.5's command printed them; each ended with exit code 1.
        ("exec nothere ls", "Error response from daemon: No such container: nothere\n", False),
        ("container exec web ls", "Error response from daemon: container 1a is not running", False),
        ("exec web ls", "Error: No such container: web\n", False),
        ("run -it busybox:1.37 sh", "the input device is not a TTY\n", False),
        ("exec web", "docker: 'docker exec' requires at least 2 arguments\n", False),
        ("exec web", '"docker exec" requires at least 2 arguments.\n', False),
        ("exec web ls", "Cannot connect to the Docker daemon at unix:///x. Is the docker", False),
        ("start -a web", "Error response from daemon: No such container: web\nError: x", False),
        ("start web", "whatever", False),
        ("start -a web", "ls: /x: No such file or directory", True),
        ("run busybox:1.37 cat /tmp/mine", "cat: can't open '/tmp/mine': Permission denied", True),
        ("exec web ls /x", "ls: /x: No such file or directory", True),
        ("run app", "Error: Cannot find module 'x'\n", True),
        ("run app", "tried: Error response from daemon: No such container: x", True),
        ("run app", "", True),
    ],
)
def test_a_program_is_said_to_have_ended_only_where_one_ran(
    line: str, words: str, ran: bool
) -> None:
    command = typed_command(cell_words(line))
    says = "The program in the container ended with" if ran else "Docker ended with"
    assert outcome(command, 1, words) == f"{says} exit code 1."
    assert program_ran(command, 1, words) is ran


def test_what_a_program_printed_shows_that_it_ran() -> None:
    words = "Error response from daemon: No such container: x\n"
    command = typed_command(cell_words("run docker:cli sh -c 'echo a; docker rm x'"))
    assert program_ran(command, 1, words, "a\n")


# {what was typed: what the step must have in it}, whatever the engine.
STEPS = {
    "run --rm busybox:1.37 nix": "no such program",
    "run --rm busybox:1.37 /nix": "no such program",
    "run --rm busybox:1.37 /etc": "chmod +x",
    "run --rm busybox:1.37 /etc/passwd": "chmod +x",
    "run --rm -v /tmp/wbt/crlf.sh:/c.sh busybox:1.37 /c.sh": "carriage returns",
    "run --rm -v /tmp/wbt/noshebang:/c.sh busybox:1.37 /c.sh": "another processor",
    "run --rm --entrypoint  busybox:1.37": "Nothing says which program",
    "run --rm --workdir x busybox:1.37 true": "--workdir",
    "run --rm --workdir /etc/passwd busybox:1.37 true": "--workdir",
    "exec -w /nix wbt-a ls": "--workdir",
    "run --rm -m 1m busybox:1.37 true": "6 MB",
    "run --rm -m 6m --memory-swap 5m busybox:1.37 true": "memory and swap",
    "run --rm --cpus 99 busybox:1.37 true": ".NCPU",
    "run --rm --user nix busybox:1.37 true": "no such user",
    "run --rm --name x y busybox:1.37 true": "Names have letters",
    "run --rm --name wbt-a busybox:1.37 true": "docker rm --force wbt-a",
    "run --rm Busybox true": "small letters",
    "run --rm --network nix busybox:1.37 true": "docker network ls",
    "run --rm -p 127.0.0.1:4983:80 busybox:1.37 true": "another port",
    "run --rm -p 1.2.3.4:4984:80 busybox:1.37 true": "no such address",
    "run --rm -p x:80 busybox:1.37 true": "OUTSIDE:INSIDE",
    "run --rm --cap-add NIX busybox:1.37 true": "capabilities(7)",
    "run --rm --runtime nix busybox:1.37 true": ".Runtimes",
    "run --rm --device /dev/nix busybox:1.37 true": "ls /dev",
    "run --rm -v /tmp/wbt/file:/etc busybox:1.37 true": "One of the two is a file",
    "run --rm -v $PWD:/x busybox:1.37 true": "no shell reads this line",
    "run --rm --mount type=bind,src=/nix,dst=/x busybox:1.37 true": "engine's machine",
    "run --rm --network container:wbt-b busybox:1.37 true": "network it joins",
    "run --rm --network container:nix busybox:1.37 true": "docker ps --all",
    "run --rm --network wbt-n --ip 10.77.0.3 busybox:1.37 true": "has that address",
    "run --rm -it busybox:1.37 true": "no terminal",
    "exec wbt-b ls": "Start it first",
    "exec nix ls": "docker ps --all",
    "pause wbt-a": "unpause",
    "unpause wbt-a": "Only a paused",
    "rm wbt-a": "--force",
    "cp wbt-a:/nix /tmp/wbt/": "no such file",
    "kill -s NIX wbt-a": "signal(7)",
    "network create wbt-n": "docker network rm wbt-n",
    "network create --subnet 10.77.0.0/24 wbt-m": "--subnet",
    "network rm wbt-n": "still in it",
    "network rm bridge": "Docker's own",
    "network connect wbt-n wbt-a": "already",
    "volume rm wbt-v": "still uses it",
    "volume rm nix": "docker volume ls",
    "volume create x": "two or more",
    "volume create -d nix wbt-w": "no such driver",
    "rmi nix": "docker images",
    "rmi wbt-two:1": "still uses it",
    "pull localhost:1/x": "Nothing listens",
    "pull nix.invalid/x": "known to nobody",
    "service ls": "docker swarm init",
    "run --nix": "See to the spelling",
    "build /nix": "folder that the Dockerfile is in",
}
RECORDED = Path(__file__).parents[3] / "recorded/engine_words"
ENGINES = ("20.10", "28.5")


def recorded(engine: str) -> dict[str, str]:
    """{command: its words on standard error} of commands that failed there, ids evened out."""
    lines = json.loads((RECORDED / f"{engine}.json").read_text(encoding="utf-8"))
    return {line["command"].strip(): line["words"] for line in lines}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_failure_that_was_recorded_has_a_next_step(engine: str) -> None:
    said = recorded(engine)
    assert len(said) > 100
    assert [command for command, words in said.items() if not next_step(words)] == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("command", STEPS)
def test_each_failure_has_the_step_that_helps(engine: str, command: str) -> None:
    words = recorded(engine)[f"docker {command}"]
    assert STEPS[command] in next_step(words)


def test_what_a_step_puts_in_comes_from_the_words() -> None:
    for words, step in (*COMPOSE_WORDS, *CONTAINER_WORDS, *ENGINE_WORDS):
        groups = re.compile(words).groups
        assert groups >= step.replace("{{", "").replace("}}", "").count("{}"), step
        assert step.format(*["x"] * groups).endswith((".", "`."))


@given(st.text(max_size=200))
def test_any_words_are_read(words: str) -> None:
    assert isinstance(next_step(words), str)


@pytest.mark.parametrize(
    ("line", "code", "words", "says"),
    [
        ("run --rm app", 1, "sh: can't create /x: Permission denied\nno such container\n", ""),
        ("run --rm app", 1, "wget: server returned error: HTTP/1.1 403 Forbidden: denied", ""),
        ("exec web cat /x", 1, "network nix not found", ""),
        ("run --rm app", 1, "cat: can't open '/tmp/mine': Permission denied", ""),
        ("container exec web x", 1, "Head https://x: requested access: denied: login", ""),
        ("start -a web", 1, "no such container", ""),
        ("run --rm app", 255, "hello\nexec /run.sh: no such file or directory", "carriage"),
        ("exec web ls", 1, "Error response from daemon: No such container: web", "docker ps"),
        ("run --rm app", 127, "/usr/bin/env: 'bash\\r': No such file or directory", "carriage"),
        ("run", 1, "docker: 'docker run' requires at least 1 argument", "--help"),
        ("run", 1, '"docker run" requires at least 1 argument.', "--help"),
        ("run -d app", 125, "docker: Error response from daemon: network nix not found", "network"),
    ],
)
def test_what_a_program_prints_is_its_own_affair(
    line: str, code: int, words: str, says: str
) -> None:
    step = step_after(typed_command(cell_words(line)), code, words)
    assert says in step
    assert bool(says) == bool(step)


@pytest.mark.parametrize(
    "words",
    ["mkdir /data: permission denied", "open /x: access denied", "x509 is a standard",
     "read: connection timeout", "operation not supported"],
)  # fmt: skip
def test_words_of_a_registry_need_a_registry(words: str) -> None:
    assert next_step(words) == ""
