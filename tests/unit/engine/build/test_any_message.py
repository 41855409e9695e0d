"""Whatever stands in the messages of a build: a report comes of it, or the workbook's own error."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.build.progress import RAW, BuildProgress
from helpers.engine.build.stream import _read
from helpers.errors import EngineError
from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.report import BuildReport

TRACE = "moby.buildkit.trace"
KEYS = st.sampled_from([
    *("id", "aux", "error", "errorDetail", "message", "stream", "progressDetail", "current"),
    *("ID", "vertexes", "statuses", "logs", "digest", "name", "inputs", "started", "completed"),
    *("cached", "vertex", "total", "timestamp", "data", "status"),
])  # fmt: skip
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from([TRACE, RAW, "Step 1/2 : FROM a\n", " ---> 5d1c\n"])
    | st.binary(max_size=9).map(lambda text: base64.b64encode(text).decode()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=9,
)  # fmt: skip
MESSAGES = st.dictionaries(KEYS, JSON, max_size=5) | st.builds(
    lambda kind, aux: {"id": kind, "aux": aux}, st.sampled_from([TRACE, RAW]), JSON
)


def progress() -> BuildProgress:
    return BuildProgress(BuildReport("docker build ."), read_dockerfile("FROM a\nRUN b\n"))


@given(st.lists(MESSAGES, max_size=3))
def test_any_message_is_taken_in(messages: list[dict[str, Any]]) -> None:
    taking = progress()
    for at, message in enumerate(messages):
        try:
            taking.take(message, float(at))
        except EngineError as error:
            if not error.next_step:
                raise AssertionError(f"{error} has no next step") from error
    taking.end()
    assert isinstance(repr(taking.whole_report()), str)


@pytest.mark.parametrize("aux", [None, "", "=", "ÿ", "CgE=", {"vertexes": [5]}, 5])
def test_buildkits_own_message_that_is_damaged_is_said_in_a_sentence(aux: object) -> None:
    try:
        progress().take({"id": TRACE, "aux": aux}, 0.0)
    except EngineError as error:
        refused = str(error)
    else:
        refused = ""
    assert not refused or refused.startswith("The engine's answer to `docker build` tells of")


@pytest.mark.parametrize(
    ("body", "error"),
    [('{"message": "no such stage"}', "no such stage"), ("[]", "[]"), ("gone", "gone"),
     ('{"message": null}', '{"message": null}'), ("", "it gave no reason")],
)  # fmt: skip
def test_a_refusal_in_any_form_is_the_builds_error(body: str, error: str) -> None:
    assert list(_read(SimpleNamespace(ok=False, text=body))) == [{"error": error}]


def test_lines_that_are_no_messages_are_passed_over() -> None:
    lines = [b'{"stream": "a"}', b"5", b"null", b"[]", b"  "]
    answer = SimpleNamespace(ok=True, iter_lines=lambda chunk_size: lines)
    assert list(_read(answer)) == [{"stream": "a"}]
