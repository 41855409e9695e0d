"""Which line a step of BuildKit's is, by the names that engines of 20.10 to 28.5 gave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.located import located
from helpers.model.build.trace import LONGEST_LINE_BYTES, BuildTrace, LogNews, VertexNews

TEXT = """\
FROM busybox:1.37
RUN echo first; false
ENV A=1
COPY $A \\
    "b c" /
RUN <<EOF
echo second
EOF
RUN echo first; true
"""


def line_of(name: str, text: str = TEXT) -> int | None:
    _, instruction = located(name, read_dockerfile(text))
    return instruction.line if instruction else None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("[1/5] FROM docker.io/library/busybox:1.37@sha256:1", 1),
        ("[2/5] RUN echo first; false", 2),
        ('[3/5] COPY 1     "b c" /', 4),
        ("[4/5] RUN <<EOF (echo second)", 6),
        ("[5/5] RUN echo first; true", 9),
        # With a trigger of the base: newer engines count it, 20.10 counts on behind its total.
        ("[2/6] RUN echo trigger", None),
        ("[3/6] RUN echo first; false", 2),
        ("[6/6] RUN echo first; true", 9),
        ("[2/5] RUN echo trigger", None),
        ("[3/5] RUN echo first; false", 2),
        ("[6/5] RUN echo first; true", 9),
        ("[2/6] RUN echo first; false", None),
        ("[2/5] RUN echo first; false # more", None),
        ("[9/5] WORKDIR /x", None),
        ("exporting to image", None),
    ],
)
def test_a_step_has_the_line_whose_text_it_is(name: str, line: int | None) -> None:
    assert line_of(name) == line


def test_tabs_between_words() -> None:
    text = "FROM\tbusybox:1.37\tAS\tx\nCOPY\ta\t/a\nRUN\techo 1\n"
    names = ["[1/3] FROM docker.io/library/busybox:1.37", "[2/3] COPY\tA\t/A", "[3/3] RUN\tECHO 1"]
    assert [line_of(name, text) for name in names] == [1, 2, 3]


@given(st.text(st.sampled_from("RUN COPY[]/0123$Ax{}'\" \t\\"), max_size=30), st.integers(0, 9))
def test_whatever_a_builder_calls_its_steps_nothing_is_raised(text: str, number: int) -> None:
    line = line_of(f"[{number}/5] {text}")
    assert line in (None, 1, 2, 4, 6, 9)


def test_a_letter_that_comes_in_two_pieces_is_whole_and_a_byte_that_is_none_is_shown() -> None:
    trace = BuildTrace()
    trace.add([VertexNews("b", "[2/2] RUN x", started=1.0)], 0.0)
    data = "caf\u00e9 \u2026".encode() + b" caf\xe9\n"
    trace.add([LogNews("b", 1.0, data[at : at + 1]) for at in range(len(data))], 0.0)
    (step,) = trace.steps(read_dockerfile("FROM a\nRUN x\n"))
    assert [line.text for line in step.log] == ["caf\u00e9 \u2026 caf\\xe9"]


def test_what_has_no_end_of_line_is_cut_so_that_it_is_not_read_again_and_again() -> None:
    trace = BuildTrace()
    piece = b"x" * 16_384
    trace.add([LogNews("b", 1.0, piece) for _ in range(64)], 0.0)
    (step,) = trace.steps(read_dockerfile("FROM a\n"))
    lengths = [len(line.text) for line in step.log]
    assert sum(lengths) == 64 * len(piece)
    assert max(lengths) <= LONGEST_LINE_BYTES + len(piece)
