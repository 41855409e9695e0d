"""Variables in words of a Dockerfile, against the shell's own answers and BuildKit's rules."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.dockerfile_images import global_arguments, needed_images
from helpers.model.build.shell_words import expanded, split_words, unquoted

VALUES = {"A": "one", "E": "", "N": None}
PLAIN = st.text(st.sampled_from("ab./:-_é"), max_size=4)
NAME = st.sampled_from("AENU")
WORDS = st.recursive(
    st.one_of(
        PLAIN,
        PLAIN.map(lambda text: f"'{text}$A'"),
        NAME.map(lambda name: f"${{{name}}}"),
        st.sampled_from(["\\$", "\\a", '"\\$A"', '"$A b"', '"it\'s"', "$A."]),
    ),
    lambda words: st.one_of(
        st.builds(
            lambda name, kind, word: f"${{{name}{kind}{word}}}",
            NAME,
            st.sampled_from([":-", ":+", "-", "+"]),
            words,
        ),
        st.lists(words, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=6,
)


def of_shell(words: list[str]) -> list[str]:
    """What a POSIX shell makes of each word, as the value that it gives a variable."""
    script = "A=one; E=; unset N U\n" + "".join(
        f"v={word}; printf '%s\\0' \"$v\"\n" for word in words
    )
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.skipif(not shutil.which("sh"), reason="a POSIX shell is the reference")
@settings(max_examples=40)
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_words_are_what_a_shell_makes_of_them(words: list[str]) -> None:
    assert [expanded(word, VALUES) for word in words] == of_shell(words)


@pytest.mark.parametrize(
    "word",
    ["${x:bad}", "${A", "${}", "${A:?no}", "${A#o}", "${A/o/x}", "$1", "${@}", "'open", '"open',
     "$TARGETARCH", "x-${BUILDPLATFORM}", "${U:-${TARGETOS}}", "${A:-" * 5000]
)  # fmt: skip
def test_what_cannot_be_told_stays_as_it_is(word: str) -> None:
    assert expanded(word, VALUES) == word


def test_a_variable_has_no_plain_text() -> None:
    assert unquoted("a'$A'\"b\"\\$") == "a$Ab$"
    assert unquoted("a${A}") is None


def test_words_between_blanks() -> None:
    assert split_words("A=\"x y\" B='1 2'\tC=a\\ b D") == ['A="x y"', "B='1 2'", "C=a\\ b", "D"]
    assert split_words("A='open x") == ["A='open x"]


@given(st.text(st.sampled_from("ab \t'\"\\${}:-+\udce9"), max_size=40))
def test_whatever_it_says_nothing_is_raised_and_nothing_is_lost(text: str) -> None:
    assert "".join("".join(split_words(text)).split()) == "".join(text.split())
    expanded(text, VALUES)
    unquoted(text)


def needed(text: str, **arguments: str) -> list[str]:
    return [need.name for need in needed_images(read_dockerfile(text), arguments)]


def test_arguments_of_from_lines() -> None:
    text = "ARG OS=alpine\nARG IMG=busybox:1.37\nFROM ${IMG:-${OS}}\n"
    assert needed(text) == ["busybox:1.37"]
    assert needed(text, IMG="") == ["alpine"]
    assert needed('ARG A="b" C=\'d\'\nFROM "$A:$C"\n') == ["b:d"]
    assert needed("ARG A\nFROM busybox${A}\n") == ["busybox"]
    assert needed("ARG TAG=${TARGETARCH}\nFROM busybox:$TAG\n") == []
    assert needed("ARG A=${x:bad}\nFROM b:$A\n") == []
    values = global_arguments(read_dockerfile("ARG A=1 B=$A C\nFROM x\nARG D=2\n"), {"C": "3"})
    assert values == {"A": "1", "B": "1", "C": "3"}
