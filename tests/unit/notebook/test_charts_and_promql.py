"""Charts of measured values, and Prometheus's answers made tables of."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas
import pytest

from helpers.engine.container import prometheus
from helpers.errors import InvalidInput, NotReady
from helpers.model.container.outcome import Answer
from helpers.notebook.charts import bar_chart, line_chart
from helpers.notebook.promql import promql


class FakePrometheus:
    """A container that answers each request with the next of these results."""

    name = "prometheus"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def get(self, path: str) -> Answer:
        self.asked.append(path)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(path, 200, 0.0, told if isinstance(told, str) else json.dumps(told))


def found(*series: dict[str, Any]) -> dict[str, Any]:
    return {"status": "success", "data": {"result": list(series)}}


UP = found(
    {"metric": {"__name__": "up", "job": "shop"}, "value": [1, "1"]},
    {"metric": {"__name__": "up", "job": "engine"}, "value": [1, "0"]},
)


def test_an_instant_query_has_a_row_for_each_series() -> None:
    asked = FakePrometheus(UP)
    table = promql(asked, "up{a='b'}")  # type: ignore[arg-type]
    assert table.to_dict("records") == [
        {"metric": "up", "job": "shop", "value": 1.0},
        {"metric": "up", "job": "engine", "value": 0.0},
    ]
    query = parse_qs(urlsplit(asked.asked[0]).query)
    assert query == {"query": ["up{a='b'}"]}
    assert len(promql(FakePrometheus(found()), "nothing")) == 0  # type: ignore[arg-type]


def test_a_range_has_a_row_a_step_and_columns_named_by_what_differs() -> None:
    labels = [{"job": "shop", "route": "/"}, {"job": "shop", "route": "/burn"}]
    values = [[[100, "1"], [101, "2"]], [[101, "5"]]]
    answer = found(*({"metric": m, "values": v} for m, v in zip(labels, values, strict=True)))
    table = promql(FakePrometheus(answer), "rate", seconds=60)  # type: ignore[arg-type]
    assert list(table.columns) == ["/", "/burn"]
    assert list(table.index) == [0.0, 1.0]
    assert table["/burn"].isna().tolist() == [True, False]
    alone = found({"metric": {"job": "shop"}, "values": [[1, "3"]]})
    assert list(promql(FakePrometheus(alone), "q", seconds=1).columns) == ["q"]  # type: ignore[arg-type]


def test_it_waits_until_there_is_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "PAUSE_SECONDS", 0)
    assert len(promql(FakePrometheus(found(), found(), UP), "up", wait=5)) == 2  # type: ignore[arg-type]
    with pytest.raises(NotReady, match="found nothing for up"):
        promql(FakePrometheus(found()), "up", wait=1e-6)  # type: ignore[arg-type]


def test_a_refused_query_and_a_stranger_are_told_in_words() -> None:
    refused = {"status": "error", "error": "parse error: unexpected end of input"}
    with pytest.raises(InvalidInput, match="refused the query: parse error"):
        promql(FakePrometheus(refused), "rate(")  # type: ignore[arg-type]
    with pytest.raises(NotReady, match="does not answer as Prometheus does"):
        promql(FakePrometheus("<html>"), "up")  # type: ignore[arg-type]


def test_bars_are_whole_from_a_hundred_on() -> None:
    assert repr(bar_chart({"a": 1529.6, "b": 12.345}, "done", "blocks")) == (
        "   done\na  1,530 blocks\nb  12.3 blocks"
    )


def test_lines_say_what_they_show_and_draw_gaps_and_nothing() -> None:
    frame = pandas.DataFrame({"/burn": [1.0, None, 3.0], "$/$": [0.0, 1.0, 2.0]}, index=[0, 1, 2])
    data, shape = line_chart(frame, "requests", " a second")._repr_mimebundle_()
    assert data["text/plain"] == "requests: $/$, /burn"
    assert shape["image/png"]["alt"] == (
        "requests: /burn from 1 to 3 a second, $/$ from 0 to 2 a second"
    )
    assert line_chart(pandas.DataFrame(), "requests")._repr_mimebundle_()[0]["image/png"]
