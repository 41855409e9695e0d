"""What histories say: instructions as a Dockerfile has them, and which steps made a layer."""

from __future__ import annotations

import pytest

from helpers.model.image.history import (
    HistoryEntry,
    aligned,
    history_of_config,
    history_of_engine,
    instruction_of,
)


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ("/bin/sh -c #(nop)  CMD [\"bash\"]", 'CMD ["bash"]'),
        ("/bin/sh -c #(nop) ADD file:0a1b in / ", "ADD file:0a1b in /"),
        ("/bin/sh -c apt update \t && apt install x", "RUN apt update && apt install x"),
        ("|2 A=1 B=two words /bin/sh -c make", "RUN make"),
        ("|1 A=1 /bin/sh -c #(nop) COPY dir:1 in /x", "COPY dir:1 in /x"),
        ("RUN /bin/sh -c pip install flask # buildkit", "RUN pip install flask"),
        ("RUN |1 A=1 /bin/sh -c make # buildkit", "RUN make"),
        ("RUN |1 A=1 /bin/bash -e -c make # buildkit", "RUN /bin/bash -e -c make"),
        ("COPY . /app # buildkit", "COPY . /app"),
        ("WORKDIR /app", "WORKDIR /app"),
        ("# debian.sh --arch 'amd64' out/ 'trixie'", "# debian.sh --arch 'amd64' out/ 'trixie'"),
        ("sleep 1000", "sleep 1000"),
        ("", ""),
    ],
)  # fmt: skip
def test_instructions_read_as_in_a_dockerfile(created_by: str, instruction: str) -> None:
    assert instruction_of(created_by) == instruction


def test_a_step_without_words_says_its_comment() -> None:
    assert HistoryEntry(comment="Imported from -").instruction == "Imported from -"


def test_a_config_says_which_steps_are_empty() -> None:
    found = history_of_config(
        {"history": [{"created_by": "RUN x"}, {"created_by": "ENV a=b", "empty_layer": True}, 5]}
    )
    assert [(entry.created_by, entry.is_empty) for entry in found] == [
        ("RUN x", False),
        ("ENV a=b", True),
    ]
    assert history_of_config({"history": None}) == ()


def told(*steps: tuple[str, int]) -> list[dict[str, object]]:
    """The engine's answer, the newest first."""
    return [{"CreatedBy": text, "Size": size} for text, size in reversed(steps)]


def test_of_what_the_engine_tells_the_steps_with_sizes_made_layers() -> None:
    answer = told(("ADD x in /", 5), ("ENV a=b", 0), ("COPY y /", 3), ("CMD z", 0))
    found = history_of_engine(answer, ["one", "two"])
    assert [entry.is_empty for entry in found] == [False, True, False, True]
    assert [entry.size_bytes for entry in found] == [5, 0, 3, 0]


def test_layers_of_no_size_are_the_steps_that_can_write() -> None:
    steps = (("ADD x", 5), ("LABEL a", 0), ("WORKDIR /a", 0), ("RUN rm /x", 0), ("CMD z", 0))
    answer = told(*steps)
    assert [e.is_empty for e in history_of_engine(answer, ["a", "b"])] == [
        False, True, True, False, True,
    ]  # fmt: skip
    assert [e.is_empty for e in history_of_engine(answer, ["a", "b", "c"])] == [
        False, True, False, False, True,
    ]  # fmt: skip


def test_a_history_that_claims_too_many_or_too_few_layers_stays_aligned() -> None:
    steps = [HistoryEntry("a"), HistoryEntry("b", True), HistoryEntry("c")]
    assert [diff_id for _, diff_id in aligned(steps, ["1"])] == ["1", "", ""]
    assert [(s.created_by, d) for s, d in aligned(steps, ["1", "2", "3"])] == [
        ("a", "1"), ("b", ""), ("c", "2"), ("", "3"),
    ]  # fmt: skip
