"""A Dockerfile taken apart, against what the Dockerfile reference says of each construct."""

from __future__ import annotations

import pytest

from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.dockerfile_images import needed_images

TWO_STAGES = """\
# syntax=docker/dockerfile:1
# escape=\\

ARG VERSION=1.37
FROM --platform=linux/amd64 busybox:${VERSION} AS Builder
# a comment
RUN one \\
    # a comment between
    two \\

    three
FROM busybox
COPY --from=builder /a /b
CMD ["sh"]
"""


def test_lines_and_stages() -> None:
    found = read_dockerfile(TWO_STAGES)
    assert [(i.keyword, i.line, i.stage) for i in found.instructions] == [
        ("ARG", 4, -1), ("FROM", 5, 0), ("RUN", 7, 0), ("FROM", 12, 1), ("COPY", 13, 1),
        ("CMD", 14, 1),
    ]  # fmt: skip
    assert found.instructions[2].text == "RUN one two three"
    assert [found.stage_label(number) for number in (0, 1)] == ["builder", "stage-1"]


def test_only_what_builders_show_is_a_step() -> None:
    text = "FROM a AS base\nENV A=1\nWORKDIR /x\nFROM base\nRUN x\nFROM scratch\nADD y /\n"
    stages = read_dockerfile(text).stages
    assert [[step.keyword for step in stage.steps] for stage in stages] == [
        ["FROM", "WORKDIR"], ["RUN"], ["ADD"],
    ]  # fmt: skip


def test_a_single_stage_has_no_label() -> None:
    alone = read_dockerfile("FROM a\n")
    assert alone.stage_label(0) == ""
    assert alone.stage_called("") == alone.stage_called("stage-0") == alone.stages[0]
    assert alone.stage_called("stage-1") is None


def test_a_stage_is_found_by_what_builders_call_it() -> None:
    found = read_dockerfile(TWO_STAGES)
    assert [found.stage_called(label) for label in ("Builder", "stage-1", "stage-0")] == [
        *found.stages,
        None,
    ]


def test_heredocs_hold_no_instructions() -> None:
    found = read_dockerfile(
        "FROM a\nRUN <<-EOF\n\tRUN no\n\tEOF\nCOPY <<A <<'B' /x/\n1\nA\n2\nB\nCMD x"
    )
    assert [i.line for i in found.instructions] == [1, 2, 5, 10]
    assert [i.heredoc for i in found.instructions] == ["", "\tRUN no", "1\n2", ""]


@pytest.mark.parametrize(
    "line",
    [
        "RUN echo 'std::cout << x' > a.cpp", 'RUN echo "a << x"', "RUN cat <<< x", "RUN cat <<<x",
        "RUN echo $((1<<x))", "RUN echo a<<x", "RUN cat << ", "RUN echo \\<<x", "CMD cat <<x",
        'RUN ["echo", "<<x"]', "RUN cat <<x; echo don't", "RUN cat <<y",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_heredoc_takes_no_lines(line: str) -> None:
    found = read_dockerfile(f"FROM a\n{line}\nUSER u\nx\n")
    assert [(i.keyword, i.line, i.heredoc) for i in found.instructions[1:]] == [
        (line.split()[0], 2, ""), ("USER", 3, ""), ("X", 4, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "RUN <<x", "RUN cat << x", "RUN 3<<x cat", "RUN cat <<'x' >/f && true", 'COPY <<"x" /f',
        "RUN <<\\x", "ONBUILD RUN <<x", "run --network=none <<-x",
    ],
)  # fmt: skip
def test_how_a_heredoc_may_be_written(line: str) -> None:
    found = read_dockerfile(f"FROM a\n{line}\nUSER u\nx\nUSER v\n")
    assert [(i.line, i.heredoc) for i in found.instructions[1:]] == [(2, "USER u"), (5, "")]


def test_windows_line_ends_a_mark_and_another_escape() -> None:
    found = read_dockerfile("\ufeff# escape=`\r\nFROM a\r\nRUN x `\r\n  y\r\n")
    assert [i.text for i in found.instructions] == ["FROM a", "RUN x y"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n", "RUN before from\n", "FROM\n", "<<EOF"])
def test_nonsense_raises_nothing(text: str) -> None:
    assert read_dockerfile(text).text == text


def test_the_images_that_must_be_there() -> None:
    found = needed_images(read_dockerfile(TWO_STAGES), {})
    assert [need.name for need in found] == ["busybox:1.37", "busybox"]
    assert [need.name for need in needed_images(read_dockerfile(TWO_STAGES), {"VERSION": "2"})] == [
        "busybox:2", "busybox",
    ]  # fmt: skip


def test_images_of_copy_and_mount_and_no_stages_among_them() -> None:
    text = (
        "FROM ${BASE:-alpine} AS one\nCOPY --from=nginx:1 /a /\nCOPY --from=one /a /\n"
        "COPY --from=0 /a /\nRUN --mount=type=bind,from=tools:2,target=/x x\nFROM one\n"
        "FROM scratch\nFROM $UNKNOWN\n"
    )
    found = needed_images(read_dockerfile(text), {}, skips_stages=False)
    assert [need.name for need in found] == ["alpine", "nginx:1", "tools:2"]


def test_a_target_needs_only_what_stands_before_it() -> None:
    found = needed_images(read_dockerfile("FROM a AS one\nFROM b AS two\n"), {}, "one")
    assert [need.name for need in found] == ["a"]


def test_a_stage_that_nothing_is_made_from_needs_no_image() -> None:
    text = (
        "ARG LAST=busybox\nFROM private/tools AS debug\nFROM a AS base\nFROM base AS Made\n"
        "COPY --from=copied:1 /x /\nFROM b\nFROM $LAST\nCOPY --from=made /x /\n"
        "RUN --mount=type=bind,from=3,target=/b x\n"
    )

    def needed(target: str = "", skips_stages: bool = True) -> list[str]:
        found = needed_images(read_dockerfile(text), {}, target, skips_stages)
        return [need.name for need in found]

    assert needed() == ["a", "copied:1", "b", "busybox"]
    assert needed("made") == ["a", "copied:1"]
    assert needed("debug") == ["private/tools"]
    assert needed("made", skips_stages=False) == ["private/tools", "a", "copied:1"]
    assert needed(skips_stages=False) == ["private/tools", "a", "copied:1", "b", "busybox"]


def test_where_only_the_builder_knows_the_stage_all_of_them_may_be_meant() -> None:
    text = "FROM a AS on-amd64\nFROM b AS on-arm64\nFROM on-${TARGETARCH}\n"
    assert [need.name for need in needed_images(read_dockerfile(text), {})] == ["a", "b"]


def test_a_stage_may_have_the_name_of_the_image_that_it_builds_on() -> None:
    found = needed_images(read_dockerfile("FROM alpine AS alpine\nFROM alpine\nRUN x\n"), {})
    assert [need.name for need in found] == ["alpine"]
