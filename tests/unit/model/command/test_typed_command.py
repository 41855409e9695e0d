"""Docker commands taken apart, as docker's own command line takes them apart."""

from __future__ import annotations

import pytest

from helpers.model.command.cell_words import cell_words
from helpers.model.command.typed_build import build_settings
from helpers.model.command.typed_command import Option, TypedCommand, typed_command


def typed(line: str) -> TypedCommand:
    return typed_command(cell_words(line))


@pytest.mark.parametrize(
    ("line", "verb", "arguments"),
    [
        ("run busybox echo --name x", "run", ["busybox", "echo", "--name", "x"]),
        ("docker run -d busybox", "run", ["busybox"]),
        ("container run --rm -it busybox sh", "run", ["busybox", "sh"]),
        ("run -dp 127.0.0.1:80:80 busybox", "run", ["busybox"]),
        ("run -p80:80 -e A=b --name=web busybox", "run", ["busybox"]),
        ("run --name web -- busybox ls", "run", ["busybox", "ls"]),
        ("run --init --memory 64m busybox", "run", ["busybox"]),
        ("run --pull never busybox", "run", ["busybox"]),
        ("--log-level debug run busybox", "run", ["busybox"]),
        ("image build -t x . --no-cache", "build", ["."]),
        ("buildx build . -t x", "build", ["."]),
        ("tag a b", "tag", ["a", "b"]),
        ("network create --internal back", "network create", ["back"]),
        ("volume create -d local data", "volume create", ["data"]),
        ("network ls", "network", []),
        ("compose up -d", "compose", []),
        ("ps -a", "ps", []),
        ("", "", []),
        ("--version", "", []),
    ],
)
def test_verbs_and_arguments(line: str, verb: str, arguments: list[str]) -> None:
    command = typed(line)
    assert (command.verb, list(command.arguments)) == (verb, arguments)
    assert command.words == tuple(word for word in cell_words(line) if word != "docker")


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("run -dit x", [("d", "true"), ("i", "true"), ("t", "true")]),
        ("run -dp 80:80 x", [("d", "true"), ("p", "80:80")]),
        ("run -p=80 --rm=false x", [("p", "80"), ("rm", "false")]),
        ("run --name", [("name", "")]),
    ],
)
def test_options(line: str, options: list[tuple[str, str]]) -> None:
    assert typed(line).options == tuple(Option(*pair) for pair in options)


@pytest.mark.parametrize(
    ("line", "is_detached"),
    [("run -d x", True), ("run --detach=false x", False), ("run x -d", False), ("create x", True)],
)
def test_what_goes_on(line: str, is_detached: bool) -> None:
    assert typed(line).is_detached is is_detached


@pytest.mark.parametrize(
    ("line", "is_elsewhere"),
    [("-c node-1 run x", True), ("--host=tcp://x run x", True), ("-Htcp://x ps", True),
     ("-D run -c 5 x", False)],
)  # fmt: skip
def test_what_goes_to_another_engine(line: str, is_elsewhere: bool) -> None:
    command = typed(line)
    assert command.is_elsewhere is is_elsewhere
    assert command.verb in ("run", "ps")


def test_further_options_stand_directly_behind_the_verb() -> None:
    line = "-D container run --rm busybox run"
    assert " ".join(typed(line).with_options("--label", "a=b")) == (
        "-D container run --label a=b --rm busybox run"
    )


def test_a_builds_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "lemon")
    line = (
        "build -t a:1 -t b --build-arg A=1=2 --build-arg TOKEN --build-arg NONE --target x -f D ."
    )
    settings = build_settings(typed(line), None)
    assert settings is not None
    assert (settings.tag, settings.context, settings.dockerfile) == ("a:1", ".", "D")
    assert settings.arguments == {"A": "1=2", "TOKEN": "lemon"}
    assert settings.target == "x"
    piped = build_settings(typed("build -t x -"), "FROM y")
    assert piped is not None
    assert piped.stdin == "FROM y"


@pytest.mark.parametrize(
    "line",
    ["build --check .", "build --progress plain .", "build https://github.com/x/y.git", "build",
     "build -t UPPER .", "build -o out .", "build -", "build git@github.com:x/y"],
)  # fmt: skip
def test_builds_of_which_no_timeline_can_be_made(line: str) -> None:
    assert build_settings(typed(line), None) is None
