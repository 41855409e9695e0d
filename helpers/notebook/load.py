"""`requests(url, per_second)`: an app asked at a steady rate, and what came back, live."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from helpers.engine.base.interruption import as_interrupted
from helpers.engine.base.text_frame import text_frame
from helpers.engine.load.near import check_target, engine_addresses, own_addresses
from helpers.engine.load.run import LoadRun
from helpers.errors import InvalidInput
from helpers.model.load.plan import check_rate, checked_plan
from helpers.notebook.interrupts import on_interrupt
from helpers.notebook.session import current_engine
from helpers.views.load.load_view import LoadView

if TYPE_CHECKING:
    import pandas

INTERRUPTED = "the kernel was interrupted"
_STEP = "No more is sent, and what came back stays."
REPLACED = "a newer load asks the same address"
_running: weakref.WeakSet[LoadRun] = weakref.WeakSet()


class NotebookLoad(LoadView):
    """A load that runs, or has run. Latency is measured from when a request was due."""

    def __init__(self, run: LoadRun) -> None:
        super().__init__(run)
        self.run = run
        self._cell = _cell()

    @property
    def answers(self) -> dict[str, int]:
        """How many answers below 400 came, by the version that they tell."""
        return self.run.tally.answers

    @property
    def failures(self) -> dict[str, int]:
        """How many requests failed, by kind: 'refused', 'HTTP 503'."""
        return self.run.tally.failures

    @property
    def failed(self) -> int:
        """How many requests failed."""
        return self.run.tally.failed

    @property
    def sent(self) -> int:
        """How many requests have ended, one way or the other."""
        return len(self.run.tally.replies)

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.run.is_running

    def latency_seconds(self, percent: float = 50) -> float | None:
        """The latency that so many percent of the answers did not exceed; None without answers."""
        if not 0 < percent <= 100:
            raise InvalidInput(f"{percent!r} is no percentage.", "Ask for 50, 95 or 99.")
        return self.run.tally.latency_seconds(percent)

    def stop(self) -> NotebookLoad:
        """Itself, once the requests that are on their way have ended; no more are sent."""
        with as_interrupted("Waiting for the last answers", _STEP):
            self.run.stop()
        return self

    def wait(self) -> NotebookLoad:
        """Itself, once its time is over; an interrupt of the kernel stops it."""
        with as_interrupted("The load", _STEP):
            self.run.wait()
        return self

    def table(self) -> pandas.DataFrame:
        """One row for each version, then for each kind of failure; seconds since the start."""
        import pandas

        rows = [
            {
                "version": each.kind if each.is_answer else "",
                "failure": "" if each.is_answer else each.kind,
                "requests": each.count,
                "from_seconds": round(each.first_seconds, 3),
                "to_seconds": round(each.last_seconds, 3),
                **{
                    f"p{percent}_seconds": each.latency_seconds(percent) for percent in (50, 95, 99)
                },
            }
            for each in self.run.tally.series
        ]
        return text_frame(pandas.DataFrame(rows))

    def to_frame(self) -> pandas.DataFrame:
        """One row for each request, in order of time: the fields of Reply."""
        import pandas

        replies = sorted(self.run.tally.replies, key=lambda reply: reply.number)
        fields = ("due_seconds", "latency_seconds", "late_seconds", "status", "version", "failure")
        rows = [[getattr(reply, name) for name in fields] for reply in replies]
        return text_frame(pandas.DataFrame(rows, columns=list(fields)))

    def _ipython_display_(self) -> None:
        if self._cell is None or self._cell != _cell():
            super()._ipython_display_()


class Requests:
    """What `requests` is here: callable, and no package."""

    def __call__(
        self,
        url: str,
        per_second: float = 20,
        seconds: float | None = None,
        *,
        timeout: float | None = None,
        keep_alive: bool = False,
        version_in: str | None = None,
    ) -> NotebookLoad:
        """The load, which runs and is shown: a GET to that URL so many times a second.

        It goes on while other cells run, until `.stop()`, for `seconds`, or for 5 minutes. Each
        request is sent when it is due, on a connection of its own unless `keep_alive`, and given up
        `timeout` seconds after that (3). The version is the header `X-App-Version` of an answer or
        the key `version` of its JSON, else the header or key `version_in`.

        Raises InvalidInput for more than 300 a second in all, and for an address that is neither
        this machine's nor the engine's.
        """
        plan = checked_plan(url, per_second, seconds, timeout, keep_alive, version_in)
        allowed = _allowed()
        check_target(plan.target, allowed)
        running = [each for each in _running if each.is_running]
        others = [each for each in running if each.plan.target != plan.target]
        check_rate(plan.per_second, sum(each.plan.per_second for each in others))
        for same in running:
            if same not in others:
                same.stop(REPLACED)
        run = LoadRun(plan, allowed)
        view = NotebookLoad(run)
        run.start(view.take)
        _running.add(run)
        on_interrupt(run, lambda ended: ended.stop(INTERRUPTED))
        _show(view)
        return view

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"`requests` from helpers makes load, and has no {name!r}. "
            "For the package of that name: `import requests as http`."
        )


requests = Requests()


def _allowed() -> frozenset[str]:
    try:
        engine = current_engine()
    except InvalidInput:  # not connected: then it is this machine alone
        return own_addresses()
    return own_addresses() | engine_addresses(engine.client, engine.endpoint)


def _show(view: NotebookLoad) -> None:
    """What a cell shows of a load that has just begun: no picture yet, where views are still."""
    if _cell() is not None:
        from IPython.display import display

        display(view._repr_mimebundle_(), raw=True)


def _cell() -> int | None:
    """The number of the cell that runs; None outside of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "execution_count", None)
