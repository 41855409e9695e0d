"""What a Prometheus answers, and what answers in its place: a table, or the workbook's own error.

Source of the forms: the Prometheus documentation, "HTTP API", "Expression query result formats".
"""

from __future__ import annotations

import json
from math import isnan
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.container.prometheus import instant, over_time
from helpers.errors import InvalidInput, NotReady

KEYS = st.sampled_from(["status", "data", "result", "resultType", "metric", "value", "values",
                        "error", "__name__", "job"])  # fmt: skip
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["success", "scalar", "NaN", "+Inf"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def prometheus(reply: Any) -> Any:
    """A container whose program answers every query with that JSON."""
    answer = SimpleNamespace(text=json.dumps(reply), status=200)
    return SimpleNamespace(name="watch", get=lambda path: answer)


def found(kind: str, result: object) -> Any:
    return prometheus({"status": "success", "data": {"resultType": kind, "result": result}})


def test_a_vector_has_a_row_a_series() -> None:
    rows = instant(
        found("vector", [
            {"metric": {"__name__": "up", "job": "app"}, "value": [1.5, "1"]},
            {"metric": {"__name__": "up", "job": "db"}, "value": [1.5, "+Inf"]},
            {"metric": {"job": "hist"}, "histogram": [1.5, {"count": "5"}]},
        ]), "up",
    )  # fmt: skip
    assert list(rows["job"]) == ["app", "db", "hist"]
    assert list(rows["value"])[:2] == [1.0, float("inf")]
    assert isnan(rows["value"][2])


def test_a_single_number_has_one_row() -> None:
    assert list(instant(found("scalar", [1.5, "2"]), "1 + 1")["value"]) == [2.0]


def test_a_matrix_has_a_column_a_series() -> None:
    matrix = [{"metric": {"job": job}, "values": [[10, "1"], [11.5, "2"]]} for job in "ab"]
    table = over_time(found("matrix", matrix), "up", 5)
    assert list(table.columns) == ["a", "b"]
    assert list(table.index) == [0.0, 1.5]
    assert list(table["a"]) == [1.0, 2.0]


def test_a_refusal_and_a_stranger_are_said_in_a_sentence() -> None:
    with pytest.raises(InvalidInput, match="Prometheus refused the query: parse error"):
        instant(prometheus({"status": "error", "error": "parse error"}), "up(")
    for reply in ([], "hello", {}, {"status": None}, None):
        with pytest.raises(NotReady, match="does not answer as Prometheus does"):
            instant(prometheus(reply), "up")


@settings(deadline=None, max_examples=60)
@given(JSON | st.builds(lambda data: {"status": "success", "data": data}, JSON))
def test_any_answer_is_a_table_or_a_sentence(reply: Any) -> None:
    for ask in (lambda box: instant(box, "up"), lambda box: over_time(box, "up", 5)):
        try:
            ask(prometheus(reply))
        except (InvalidInput, NotReady) as error:
            if not error.next_step:
                raise AssertionError(f"{error} has no next step") from error
