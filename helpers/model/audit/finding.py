"""What a rule says of a container."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.outside import visible_line, visible_repr

Outcome = Literal["fails", "passes", "judge", "unknown", "not here"]


class Judged(NamedTuple):
    """An outcome, what was seen, and the options of `docker run` that mend it.

    judge: a person has to decide; unknown: nothing that the engine tells decides it; not here:
    the engine's kernel does not have what the rule is about.
    """

    outcome: Outcome
    seen: str
    mend: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule by its number in the CIS Docker Benchmark, what it asks for, and how it is decided."""

    number: str
    asks: str
    judge: Callable[[ContainerFacts, EngineFacts], Judged]


@dataclass(frozen=True, repr=False)
class AuditFinding:
    """What one rule says of one container."""

    container: str
    number: str
    asks: str
    outcome: Outcome
    seen: str
    mend: str = ""

    @visible_repr
    def __repr__(self) -> str:
        mend = f" → {self.mend}" if self.mend else ""
        return visible_line(f"{self.number} {self.outcome}: {self.container}, {self.seen}{mend}")


def passes(seen: str) -> Judged:
    """The rule is met."""
    return Judged("passes", seen)


def fails(seen: str, mend: str) -> Judged:
    """The rule is broken."""
    return Judged("fails", seen, mend)


def for_a_person(seen: str, mend: str = "") -> Judged:
    """A person has to decide."""
    return Judged("judge", seen, mend)
