"""Shown commands: the same words in a terminal and behind `!`, where IPython reads first."""

from __future__ import annotations

import shlex
import subprocess
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.utils.text import DollarFormatter

from helpers.model.text.command_line import docker_line
from helpers.model.text.ipython_line import is_left_alone, left_alone

ran: list[int] = []
NAMES = {"x": 42, "web": SimpleNamespace(command="echo"), "evil": lambda: ran.append(1) or "evil"}


def expanded(line: str) -> str:
    """What IPython hands to the shell: InteractiveShell.var_expand."""
    try:
        return DollarFormatter().vformat(line, args=[], kwargs=NAMES)
    except Exception:
        return line


WORDS = [
    ["ps", "--format", "{{.Names}}"],
    ["run", "--name", "{x}", "busybox"],
    ["run", "{evil()}"],
    ["run", "a{", "evil()}"],
    ["run", "{", "", "+evil()}"],
    ["run", "{+evil()}"],
    ["run", '{"+evil()+"}'],
    ["run", "{'+evil()+'}", "{evil()}"],
    ["run", "{\nevil()}", "{\n", "evil()}"],
    ["run", "-e", "A=$x", "-e", "B=it's"],
    ["run", "sh", "-c", "echo $x $$ $HOME ${HOME} $web.command", "it's"],
    ["run", "$$x", "$", "x", "$\nx"],
    ["run", "}}", "{{"],
    ["run", "{x", "$x"],
]
LETTERS = st.text("{}$x'\"\\ \n+()!:.ab[]", max_size=8)
EVIL = st.sampled_from(
    ["{", "}", "{evil()}", "evil()", "{x}", "$x", "'", '"', "+", "\\", "{{", "}}"]
)


@given(st.lists(LETTERS | st.lists(EVIL, max_size=5).map("".join), max_size=5))
def test_every_command_is_the_same_in_both(words: list[str]) -> None:
    ran.clear()
    line = docker_line(*words)
    assert expanded(line) == line
    assert shlex.split(line) == ["docker", *words]
    assert not ran
    assert shlex.split(left_alone(words)) == words
    assert expanded(left_alone(words)) == left_alone(words)


@pytest.mark.parametrize("words", WORDS)
def test_what_ipython_would_read(words: list[str]) -> None:
    ran.clear()
    line = docker_line(*words)
    assert expanded(line) == line
    assert shlex.split(line) == ["docker", *words]
    assert not ran


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["ps", "--format", "{{.Names}}"], "docker ps --format {'{.Names}}'"),
        (
            ["inspect", "-f", "{{range .State.Health.Log}}{{.ExitCode}} {{end}}", "clinic"],
            "docker inspect -f {'{range .State.Health.Log}}{{.ExitCode}} {{end}}' clinic",
        ),
        (["ps", "--format=table {{.ID}}"], "docker ps '--format=table '{'{.ID}}'"),
        (
            ["ps", "--format", '{{json .Names}} {{.Label "a"}}', "-f", "name=x"],
            """docker ps --format {'{json .Names}} {{.Label "a"}}' -f name=x""",
        ),
    ],
)
def test_a_template_has_one_pair_of_quotes(words: list[str], line: str) -> None:
    assert docker_line(*words) == line
    assert expanded(line) == line
    shell = ["sh", "-c", "docker() { printf '%s\\0' \"$@\"; }; " + line]
    said = subprocess.run(shell, capture_output=True, check=True, encoding="utf-8").stdout
    assert said.split("\0")[:-1] == words


@pytest.mark.parametrize(
    "line",
    [
        "docker run --name web nginx:1",
        "docker run note sh -c 'echo $BAKER, $TEAM'",
        "docker exec web sh -c 'find / -exec stat -c %s {} +'",
        "docker run busybox sh -c 'f() { [ $1 -gt 0 ] || return; }; f 7'",
    ],
)
def test_what_it_leaves_alone_is_written_as_always(line: str) -> None:
    assert is_left_alone(line)
    assert docker_line(*shlex.split(line)[1:]) == line
