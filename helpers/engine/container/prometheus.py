"""Asking a Prometheus that runs in a container, over its HTTP API.

Source: the Prometheus documentation, "HTTP API".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import nan
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from helpers.engine.base.text_frame import text_frame
from helpers.engine.container.container import Container
from helpers.errors import InvalidInput, NotReady
from helpers.model.text.answer_parts import lists_of, part_of, table_of_texts, tables_of, text_in
from helpers.model.text.json_document import parsed_json

if TYPE_CHECKING:
    import pandas

PAUSE_SECONDS = 0.2
_NAME = "__name__"


def instant(container: Container, query: str) -> pandas.DataFrame:
    """One row for each series that the query finds now: its labels, and its value.

    A query for a single number, `1 + 1`, has one row. What has no single value, as a histogram
    of Prometheus' own kind, has NaN.
    """
    import pandas

    rows = [
        {**table_of_texts(series, "metric"), "value": _number(series.get("value"))}
        for series in _ask(container, "query", {"query": query})
    ]
    return text_frame(pandas.DataFrame(rows).rename(columns={_NAME: "metric"}))


def over_time(
    container: Container, query: str, seconds: float, step_seconds: float = 1
) -> pandas.DataFrame:
    """The query's values in the last so many seconds: a row a step, a column for each series.

    The index is in seconds from the first value on; a column is named by the labels in which the
    series differ.
    """
    import pandas

    now = time.time()
    asked = {"query": query, "start": now - seconds, "end": now, "step": step_seconds}
    matrix = _ask(container, "query_range", asked)
    names = _names([table_of_texts(series, "metric") for series in matrix], query)
    columns = {
        name: {_number(sample[::-1]): _number(sample) for sample in lists_of(series, "values")}
        for name, series in zip(names, matrix, strict=True)
    }
    frame = text_frame(pandas.DataFrame(columns).sort_index())
    if len(frame):
        frame.index = (frame.index - frame.index[0]).round(3)
    frame.index.name = "seconds"
    return frame


def wait_for_series(container: Container, query: str, seconds: float) -> pandas.DataFrame:
    """What the query finds, once that is anything; raises NotReady."""
    deadline = time.monotonic() + seconds
    while not len(rows := instant(container, query)):
        if time.monotonic() > deadline:
            raise NotReady(
                f"{container.name} found nothing for {query} within {seconds:g} s.",
                "Does it reach what it scrapes? Ask it for `up`.",
            )
        time.sleep(PAUSE_SECONDS)
    return rows


def _ask(container: Container, what: str, asked: Mapping[str, object]) -> list[Mapping[str, Any]]:
    answer = container.get(f"/api/v1/{what}?{urlencode(asked)}")
    try:
        reply = parsed_json(answer.text)
    except ValueError:
        reply = None
    if not text_in(reply, "status"):
        raise NotReady(
            f"{container.name} does not answer as Prometheus does.",
            f"Is its image Prometheus? See `docker inspect {container.name}`.",
        )
    if text_in(reply, "status") != "success":
        raise InvalidInput(
            f"Prometheus refused the query: {text_in(reply, 'error') or answer.status}.",
            "Mend the query; a name alone, such as `up`, is the simplest one.",
        )
    data = part_of(reply, "data")
    if text_in(data, "resultType") in ("scalar", "string"):
        return [{"value": data.get("result")}]
    return tables_of(data, "result")


def _number(sample: object) -> float:
    """The number in [time, "number"]; NaN where there is none."""
    try:
        return float(sample[1]) if isinstance(sample, list) and len(sample) == 2 else nan
    except (ValueError, TypeError, OverflowError):
        return nan


def _names(metrics: list[dict[str, str]], query: str) -> list[str]:
    """A name for each series: the values of the labels that are not the same in all of them."""
    labels = sorted({label for metric in metrics for label in metric})
    differing = [label for label in labels if len({m.get(label) for m in metrics}) > 1]
    names = [" ".join(metric.get(label, "") for label in differing) for metric in metrics]
    return [name or query for name in names]
