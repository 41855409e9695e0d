"""One step of a build, as the builder told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

# As much of a step's log is told while the build runs; it may write a hundred thousand lines.
LINES_ON_THE_WAY = 200
Status = Literal["waiting", "running", "cached", "done", "failed", "canceled"]


class LogLine(NamedTuple):
    """One line that a step wrote; `at_seconds` since the build began."""

    at_seconds: float
    text: str
    is_error: bool = False


@dataclass(frozen=True)
class BuildStep:
    """A step of a build; times are in seconds since the build began.

    `name` is the builder's own word for it, `instruction` the Dockerfile's ("" for a step of the
    builder's own), `line` the first line of it in the Dockerfile, from 1. `inputs` are the digests
    of the steps that it waited for. `transferred_bytes` is what it copied or fetched. While a build
    runs, `log` may be the end alone, and `earlier_lines` is how many lines were before it.
    """

    digest: str
    name: str
    instruction: str = ""
    stage: str = ""
    line: int | None = None
    inputs: tuple[str, ...] = ()
    started_seconds: float | None = None
    completed_seconds: float | None = None
    cached: bool = False
    error: str = ""
    log: tuple[LogLine, ...] = ()
    transferred_bytes: int = 0
    is_internal: bool = False
    earlier_lines: int = 0

    @property
    def status(self) -> Status:
        """Where it stands: waiting, running, cached, done, failed or canceled."""
        if self.error:
            return "canceled" if is_cancellation(self.error) else "failed"
        if self.cached:
            return "cached"
        if self.started_seconds is None:
            return "waiting"
        return "running" if self.completed_seconds is None else "done"

    @property
    def seconds(self) -> float:
        """How long it took; 0 for one that is not over or never ran."""
        if self.started_seconds is None or self.completed_seconds is None:
            return 0.0
        return self.completed_seconds - self.started_seconds

    @property
    def title(self) -> str:
        """Its instruction, or the builder's name for a step of its own."""
        return self.instruction or self.name


def is_cancellation(error: str) -> bool:
    """Whether a step ended only because the build was stopped or another step had failed."""
    lowered = error.lower()
    return "context canceled" in lowered or "context cancelled" in lowered
