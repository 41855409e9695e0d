"""`promql(prometheus, query)`: what a Prometheus in a container knows, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.container.container import Container
from helpers.engine.container.prometheus import instant, over_time, wait_for_series

if TYPE_CHECKING:
    import pandas


def promql(
    prometheus: Container, query: str, seconds: float | None = None, wait: float = 0
) -> pandas.DataFrame:
    """A row for each series now; with `seconds`, a row for each of the last seconds instead.

    With `wait`, up to so many seconds pass until there is anything. Raises NotReady, and
    InvalidInput for a query that Prometheus refuses.
    """
    if wait:
        now = wait_for_series(prometheus, query, wait)
        return now if seconds is None else over_time(prometheus, query, seconds)
    return instant(prometheus, query) if seconds is None else over_time(prometheus, query, seconds)
