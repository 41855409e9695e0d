"""Asking a Prometheus that runs in a container, over its HTTP API.

Source: the Prometheus documentation, "HTTP API".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from helpers.engine.base.text_frame import text_frame
from helpers.engine.container.container import Container
from helpers.errors import InvalidInput, NotReady
from helpers.model.text.json_document import parsed_json

if TYPE_CHECKING:
    import pandas

PAUSE_SECONDS = 0.2
_NAME = "__name__"


def instant(container: Container, query: str) -> pandas.DataFrame:
    """One row for each series that the query finds now: its labels, and its value."""
    import pandas

    rows = [
        {**series["metric"], "value": float(series["value"][1])}
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
    names = _names([series["metric"] for series in matrix], query)
    columns = {
        name: {float(at): float(value) for at, value in series["values"]}
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


def _ask(container: Container, what: str, asked: Mapping[str, object]) -> list[dict[str, Any]]:
    answer = container.get(f"/api/v1/{what}?{urlencode(asked)}")
    try:
        reply = parsed_json(answer.text)
    except ValueError:
        raise NotReady(
            f"{container.name} does not answer as Prometheus does.",
            "Name the container that Prometheus runs in.",
        ) from None
    if reply.get("status") != "success":
        raise InvalidInput(
            f"Prometheus refused the query: {reply.get('error', answer.status)}.",
            "Mend the query, then run the cell again.",
        )
    result: list[dict[str, Any]] = reply["data"]["result"]
    return result


def _names(metrics: list[dict[str, str]], query: str) -> list[str]:
    """A name for each series: the values of the labels that are not the same in all of them."""
    labels = sorted({label for metric in metrics for label in metric})
    differing = [label for label in labels if len({m.get(label) for m in metrics}) > 1]
    names = [" ".join(metric.get(label, "") for label in differing) for metric in metrics]
    return [name or query for name in names]
