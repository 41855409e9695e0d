"""The lines of a Dockerfile, against the rules of BuildKit's parser (parser.go, directives.go)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.dockerfile_lines import directives_of, written_lines

# What steers the parser, and what a stranger's file may hold.
PIECES = st.sampled_from(
    ["FROM a", "RUN b", "ONBUILD", " ", "\t", "\n", "\r\n", "\r", "\\", "`", "#", "# escape=`", "'",
     '"', "<<EOF", "<<-'E O'", "<<", "EOF", "--mount=type=bind,from=x", "--", "=", "$", "${", "}",
     ":-", "\x0c", "\x85", "\u2028", "\ufeff", "\udce9", "\0", "[", '["a"]', "é"]
)  # fmt: skip
BLANKS = st.text(st.sampled_from(" \t"), max_size=3)
WORD = st.text(st.sampled_from("abc$'.é\x0c\u2028"), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # An escape that is escaped continues nothing; one that stands alone does.
        ("ENV D=C:\\\\srv\\\\\nRUN a", [(1, 1), (2, 2)]),
        ("RUN a\\\\\\\nRUN b", [(1, 1), (2, 2)]),
        ("\\\nRUN a\nRUN b", [(1, 2), (3, 3)]),
        ("RUN a \\ \t\n b\nRUN c", [(1, 2), (3, 3)]),
        # Only a line feed ends a line.
        ("# a\x0cb\u2028c\x85d\nRUN a\x0b\x1c\nRUN b", [(2, 2), (3, 3)]),
        ("RUN a\r\nRUN b\rRUN c\nRUN d", [(1, 1), (2, 2), (3, 3)]),
        # Comments and empty lines within an instruction belong to it.
        ("RUN a \\\n\n  # c \\\n b\nRUN c", [(1, 4), (5, 5)]),
        # A comment continues nothing.
        ("# a \\\nRUN b", [(2, 2)]),
        ("# escape=`\nRUN a `\n  b\\\nRUN c", [(2, 3), (4, 4)]),
        # No parser directive stands below a comment, an instruction or an empty line.
        ("# x\n# escape=`\nRUN a `\nRUN c", [(3, 3), (4, 4)]),
        ("\n# escape=`\nRUN a `\nRUN c", [(3, 3), (4, 4)]),
        ("RUN <<A <<B\n1\nA\n2\nB\nRUN b", [(1, 5), (6, 6)]),
        ('RUN ["echo", "<<A"]\nRUN b\nA', [(1, 1), (2, 2), (3, 3)]),
        ("RUN <<A\r\n1\r\nA\r\nRUN b", [(1, 3), (4, 4)]),
        ("RUN <<- A\n\tb\n\tA\nRUN b", [(1, 3), (4, 4)]),
    ],
)
def test_which_lines_an_instruction_has(text: str, expected: list[tuple[int, int]]) -> None:
    found = read_dockerfile(text).instructions
    assert [(one.line, one.last_line) for one in found] == expected


@pytest.mark.parametrize(
    ("text", "keyword", "joined"),
    [
        ("RUN ec\\\nho a", "RUN", "RUN echo a"),
        ("RU\\\nN a", "RUN", "RUN a"),
        ("RUN a \\\n   b", "RUN", "RUN a b"),
        ("RUN\ta", "RUN", "RUN\ta"),
        ("\u3000run\x0ba\u2003", "RUN", "run\x0ba"),
    ],
)
def test_how_lines_are_joined(text: str, keyword: str, joined: str) -> None:
    (one,) = read_dockerfile(text).instructions
    assert (one.keyword, one.text) == (keyword, joined)


def test_directives_are_known_ones_at_the_top() -> None:
    text = "#syntax = docker/dockerfile:1 \r\n# ESCAPE=`\n# what=x\n# check=skip\nFROM a"
    assert directives_of(text) == {"syntax": "docker/dockerfile:1", "escape": "`"}
    assert read_dockerfile("# escape=x\nFROM a").escape == "\\"


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_it_says_its_lines_are_in_order_and_nothing_is_raised(text: str) -> None:
    found = read_dockerfile(text)
    places = [place for one in found.instructions for place in (one.line, one.last_line)]
    assert places == sorted(places)
    assert all(1 <= place <= text.count("\n") + 1 for place in places)
    firsts = [one.line for one in found.instructions]
    assert len(set(firsts)) == len(firsts)
    for one in found.instructions:
        assert one.flags is not None
        assert one.text == one.text.strip(" \t\n")
    assert found.escape in ("\\", "`")
    assert len(found.stages) == sum(one.keyword == "FROM" for one in found.instructions)


@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(WORD, BLANKS), min_size=1, max_size=4),
            st.lists(st.sampled_from(["", "  ", "# c", " \t# d \\"]), max_size=2),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_continued_is_found_at_its_line(
    written: list[tuple[list[tuple[str, str]], list[str]]],
) -> None:
    lines: list[str] = []
    expected: list[tuple[int, int]] = []
    for parts, between in written:
        lines += between
        first = len(lines) + 1
        *continued, (last, blanks) = parts
        # A comment would swallow a line, so each begins with a letter.
        lines += [f"RUN x{word}{blanks}\\{blanks}" for word, blanks in continued]
        lines.append(f"RUN x{last}{blanks}")
        expected.append((first, len(lines)))
    found = read_dockerfile("\n".join(lines)).instructions
    assert [(one.line, one.last_line) for one in found] == expected


@given(st.text(st.sampled_from("ab\n\r\x0c\u2028"), max_size=30))
def test_lines_are_counted_as_the_builder_counts_them(text: str) -> None:
    assert len(written_lines(text)) == text.removesuffix("\n").count("\n") + 1
