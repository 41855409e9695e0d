"""Flags and words of instructions, against BuildKit's split_command.go and line_parsers.go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.build.copied_files import sources_of
from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.dockerfile_images import needed_images
from helpers.model.build.instruction_words import mount_settings, split_flags, words_of

VALUE = st.text(st.sampled_from("ab=,/:.$'\"\\ \té-"), max_size=12)


def quoted(value: str, mark: str) -> str:
    """The value within such quotes, as BuildKit takes them off again."""
    inside = value.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{inside}{mark}"


@pytest.mark.parametrize(
    ("text", "flags", "left"),
    [
        ("--a=b --c d --e=f", [("a", "b"), ("c", "")], "d --e=f"),
        ('--from="tools" /t /t', [("from", "tools")], "/t /t"),
        ("--from='a b'c /t /t", [("from", "a bc")], "/t /t"),
        ("--a=b\\ c d", [("a", "b c")], "d"),
        ("-- --a", [], "--a"),
        ("my--app.jar /x", [], "my--app.jar /x"),
        ("-a b", [], "-a b"),
        ("--a=b", [("a", "b")], ""),
        ('echo "RUN --mount=type=bind,from=ghost:1"', [], None),
        ("", [], ""),
    ],
)
def test_flags_stand_at_the_start(
    text: str, flags: list[tuple[str, str]], left: str | None
) -> None:
    found, behind = split_flags(text)
    assert [tuple(flag) for flag in found] == flags
    assert behind == (text if left is None else left)


@given(st.lists(st.tuples(VALUE, st.sampled_from("'\"")), max_size=4), st.text("ab -=\"'"))
def test_quotes_of_flags_are_taken_off(values: list[tuple[str, str]], behind: str) -> None:
    rest = f"x{behind}"
    text = "".join(f"--f={quoted(value, mark)} \t" for value, mark in values) + rest
    found, left = split_flags(text)
    assert [flag.value for flag in found] == [value for value, _ in values]
    assert left == rest


@given(st.text(st.sampled_from("-a=\"'\\ \t[,]\udce9\0"), max_size=30))
def test_whatever_stands_there_nothing_is_raised(text: str) -> None:
    flags, left = split_flags(text)
    assert len(flags) <= len(text) / 2
    assert text.endswith(left)
    words_of(text)
    mount_settings(text)


def test_a_mount_is_read_as_comma_separated_values() -> None:
    assert mount_settings('type=bind,"source=a,b",From=x,ro') == {
        "type": "bind", "source": "a,b", "from": "x", "ro": "",
    }  # fmt: skip
    assert mount_settings('type=bind,"source=d') == {}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('COPY --from="nginx:1" /a /', ["nginx:1"]),
        ("COPY --chown=1 --from=nginx:1 /a /", ["nginx:1"]),
        ("RUN --mount=type=bind,from=tools:1,target=/x ls", ["tools:1"]),
        ("RUN --mount='type=bind,from=tools:1,target=/x' ls", ["tools:1"]),
        # Words of a command are no flags, and ADD takes nothing from images.
        ('RUN echo "RUN --mount=type=bind,from=ghost:1"', []),
        ("RUN echo COPY --from=ghost:1", []),
        ("COPY a--from=ghost:1 /", []),
        ("ADD --from=ghost:1 a /", []),
        ("CMD --mount=type=bind,from=ghost:1", []),
    ],
)
def test_the_images_that_an_instruction_names(line: str, names: list[str]) -> None:
    found = needed_images(read_dockerfile(f"FROM scratch\n{line}\n"), {})
    assert [need.name for need in found] == names


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ('COPY "a" /', ["a"]), ("COPY 'a' b /", ["a", "b"]), ("COPY d/../a /", ["a"]),
        ("COPY ../a /", ["a"]), ("COPY\ta\t/x", ["a"]), ("COPY my--app.jar /x", ["my--app.jar"]),
        ("COPY /a /", ["a"]), ("COPY ./ /", [""]), ("COPY $A /", [""]), ("COPY '$A' /", ["$A"]),
        ('COPY --chown=1 ["a b", "/"]', ["a b"]), ("COPY --parents ./x/./y /", ["x/y"]),
        ("ADD git@example.org:a.git https://example.org/a b /", ["b"]),
        ('RUN --mount="source=d" ls', ["d"]), ("RUN ls --mount=source=d", []),
    ],
)  # fmt: skip
def test_the_paths_that_an_instruction_names(line: str, sources: list[str]) -> None:
    assert sources_of(read_dockerfile(f"FROM a\n{line}\n").instructions[1]) == sources
