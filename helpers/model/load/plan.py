"""The schedule of an open loop: each request is due at its time, whatever became of the others.

A closed loop waits for an answer before it asks again, so a server that hangs is asked less, and
its worst time is left out of the count. Source: Gil Tene, "How NOT to Measure Latency"
(coordinated omission).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from helpers.errors import InvalidInput
from helpers.model.load.target import Target, target_of

# A connection leaves a port taken for a minute (TIME_WAIT), and Linux has 28,000 for that.
MOST_PER_SECOND = 300
MOST_SECONDS = 300
# Connections at once, if nobody answers: a process may have 1,024 files open.
MOST_OPEN = 900
TIMEOUT_SECONDS = 3.0
VERSION_HEADER, VERSION_KEY = "X-App-Version", "version"


@dataclass(frozen=True)
class Plan:
    """So many requests a second for so many seconds; one that was due `timeout_seconds` ago failed.

    `version_names` are headers of an answer, or keys of its JSON, of which the first tells the
    version of who answers.
    """

    target: Target
    per_second: float
    seconds: float
    timeout_seconds: float
    keep_alive: bool
    version_names: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many requests it comes to."""
        return max(1, round(self.per_second * self.seconds))

    def due_seconds(self, number: int) -> float:
        """When the request of that number is due, from 0, in seconds since the start."""
        return number / self.per_second

    def as_values(self) -> dict[str, Any]:
        """All of it as JSON."""
        return asdict(self)

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Plan:
        """The plan in such JSON."""
        names = tuple(values.pop("version_names"))
        return cls(Target(**values.pop("target")), version_names=names, **values)


def checked_plan(
    url: object,
    per_second: object,
    seconds: object = None,
    timeout: object = None,
    keep_alive: bool = False,
    version_in: str | None = None,
) -> Plan:
    """The plan that these words mean; raises InvalidInput for one that is none, or too much."""
    target = target_of(url)
    rate = _number(per_second, "per_second", "20")
    length = MOST_SECONDS if seconds is None else _number(seconds, "seconds", "60")
    patience = TIMEOUT_SECONDS if timeout is None else _number(timeout, "timeout", "3")
    check_rate(rate)
    if length > MOST_SECONDS:
        raise InvalidInput(
            f"{length:g} s is longer than the {MOST_SECONDS} s that a load may last.",
            "Leave `seconds` out, and end it with `.stop()`.",
        )
    if rate * patience > MOST_OPEN:
        raise InvalidInput(
            f"If nobody answers, {rate:g} a second and a timeout of {patience:g} s hold "
            f"{rate * patience:,.0f} connections open, more than {MOST_OPEN}.",
            f"Lower one of them: `timeout={MOST_OPEN / rate:.2g}` would do.",
        )
    names = (VERSION_HEADER, VERSION_KEY) if version_in is None else (_name(version_in),)
    return Plan(target, rate, length, patience, bool(keep_alive), names)


def check_rate(rate: float, others: float = 0.0) -> None:
    """Raises InvalidInput where this rate, with what runs already, is too much."""
    if rate + others > MOST_PER_SECOND:
        along = f", with the {others:g} that run already," if others else ""
        raise InvalidInput(
            f"{rate:g} a second{along} is more than {MOST_PER_SECOND}: this shows what failures "
            "look like, it is no test of strength.",
            f"Ask for {MOST_PER_SECOND} or fewer, or see wrk, hey or k6 for more.",
        )


def summary(plan: Plan) -> str:
    """'20 requests a second to http://127.0.0.1:8000/'."""
    how = " on kept connections" if plan.keep_alive else ""
    return f"{plan.per_second:g} requests a second to {plan.target.url}{how}"


def _number(value: object, name: str, example: str) -> float:
    try:
        number = 0.0 if isinstance(value, bool) else float(str(value))
    except ValueError:
        number = 0.0
    if not 0.01 <= number < 1e6:
        raise InvalidInput(
            f"{name} is {value!r}, not a number above 0.", f"Say `{name}={example}`."
        )
    return number


def _name(name: object) -> str:
    text = str(name).strip()
    if not text or not text.isprintable() or len(text) > 100:
        raise InvalidInput(
            f"version_in is {name!r}, neither a header nor a key of JSON.",
            f"Say `version_in={VERSION_HEADER!r}`, or leave it out.",
        )
    return text
