"""The words of a line in a cell, against a POSIX shell's own."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InvalidInput
from helpers.model.command.cell_words import cell_words
from helpers.model.text.output import Output

# Lines in which a shell has nothing to expand: both must take them apart alike.
LINES = (
    "run -d --name web busybox:1.37 httpd -f -p 80",
    "run --label 'a b=c d' x",
    'run --label "a b=c \\"d\\"" x',
    "run x sh -c 'echo $HOME; ls | wc -l > /out && cat <<E'",
    'run x echo "one  two"   three',
    "run x echo a\\ b \\' \\\" \\\\",
    "ps --format '{{.Names}} {{json .Ports}}'",
    "run x echo 'it'\\''s'",
    "run x echo '' \"\" end",
    "run x echo ünïcode 日本語 'Grüße  aus'",
    "run x echo 'a\nb' \"c\nd\"",
    "run x echo a#b '#c' # a comment",
    "# nothing",
    "run x echo \\#no comment",
    'run x echo "back\\slash \\n stays"',
    "run x sh -c '{ echo a; }' {braces} {a b} {}",
    "run -p [::1]:80:80 x",
)


@pytest.mark.parametrize("line", LINES)
def test_words_are_those_of_a_shell(line: str) -> None:
    shell = shutil.which("sh")
    assert shell
    script = f"set -f; for word in 1 {line}\ndo printf '%s\\0' \"$word\"; done"
    words = subprocess.run([shell, "-c", script], capture_output=True, check=True).stdout
    assert list(cell_words(line)) == words.decode().split("\0")[1:-1]


@pytest.mark.parametrize("line", ["run -v $PWD:/x '$A' ~ * a?", 'echo "${PATH%%:*}" $$ $1'])
def test_nothing_is_expanded(line: str) -> None:
    plain = line.replace("'", "").replace('"', "")
    assert " ".join(cell_words(line)) == plain


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ps | grep web", "`|`"),
        ("ps > file", "`>`"),
        ("run x; ps", "`;`"),
        ("run x && ps", "`&`"),
        ("rm $(docker ps -q)", "`$(…)`"),
        ("rm `docker ps -q`", "```"),
        ("build - < Dockerfile", "`<`"),
    ],
)
def test_what_only_a_shell_can_do_is_refused(line: str, says: str) -> None:
    with pytest.raises(InvalidInput, match="is for a shell") as caught:
        cell_words(line)
    assert says in caught.value.message
    assert "!docker" in caught.value.next_step


@pytest.mark.parametrize("line", ["run 'x", 'run "x', "run x\\"])
def test_what_is_not_whole_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput, match="not whole"):
        cell_words(line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run --name {name} x", ["run", "--name", "a b", "x"]),
        ('run "{name}:{port}"', ["run", "a b:80"]),
        ("run '{name}'", ["run", "{name}"]),
        ("run {{name}} ${name}", ["run", "{{name}}", "${name}"]),
        (
            "run {port.x} {print $1} { name }",
            ["run", "{port.x}", "{print", "$1}", "{", "name", "}"],
        ),
        (
            "run '{nobody}' \\{nobody} {{nobody}} ${nobody}",
            ["run", "{nobody}", "{nobody}", "{{nobody}}", "${nobody}"],
        ),
        ("ps # {nobody}", ["ps"]),
        ("rm {many}", ["rm", "a", "b c"]),
        ("rm {ids}", ["rm", "12ab", "34cd"]),
        ("rm x{ids}", ["rm", "x12ab\n34cd\n"]),
        ("rm {web} {built} {here}", ["rm", "web", "app:1", "/x y"]),
        ("rm {evil}", ["rm", "'; rm -rf / #"]),
    ],
)
def test_values_are_put_in_as_they_are(line: str, words: list[str]) -> None:
    values = {
        "name": "a b",
        "port": 80,
        "many": ["a", "b c"],
        "ids": Output("12ab\n34cd\n"),
        "web": SimpleNamespace(name="web"),
        "built": SimpleNamespace(tag="app:1"),
        "here": Path("/x y"),
        "evil": "'; rm -rf / #",
    }
    assert list(cell_words(line, values)) == words


@pytest.mark.parametrize("line", ["stop {nothere}", 'run "a {nothere}"', "run x={nothere}"])
def test_a_name_that_python_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput, match="no name `nothere`") as caught:
        cell_words(line, {"there": 1})
    assert "'{nothere}'" in caught.value.next_step
    assert cell_words(line)  # where there is no Python, braces are braces


@given(st.text("ab{}$'\"\\ #.1", max_size=20))
def test_a_line_is_refused_for_a_name_alone(text: str) -> None:
    """Of all lines, those in which Python's own format strings have a field of that name."""
    try:
        words = cell_words(text)
    except InvalidInput:
        return
    if re.search(r"\{[ab][ab1]*\}", text):
        with pytest.raises(InvalidInput, match="no name `nix`"):
            cell_words("x {nix} " + text, {})
    else:
        assert cell_words(text, {}) == words


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidInput, match="of type dict"):
        cell_words("rm {x}", {"x": {}})


def test_windows_gets_the_same_words() -> None:
    """Python quotes them there; its rules are those of Microsoft's runtime, read backwards here."""
    words = cell_words(r"""run x sh -c 'echo "a b" \\server\ end' '' "tail\\" """)
    line = subprocess.list2cmdline(words)
    assert line == r'run x sh -c "echo \"a b\" \\server\ end" "" tail\ '.rstrip()
