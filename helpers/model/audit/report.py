"""The audit of some containers: every rule asked of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.audit.finding import AuditFinding, Outcome
from helpers.model.audit.rules import RULES


@dataclass(frozen=True)
class AuditReport:
    """What every rule says of every container, container by container, rules in their order."""

    containers: tuple[str, ...]
    findings: tuple[AuditFinding, ...]

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many findings have each outcome."""
        return Counter(finding.outcome for finding in self.findings)

    @property
    def failed(self) -> tuple[AuditFinding, ...]:
        """The findings that say that a rule is broken."""
        return self.with_outcome("fails")

    def with_outcome(self, outcome: Outcome) -> tuple[AuditFinding, ...]:
        """The findings with that outcome."""
        return tuple(finding for finding in self.findings if finding.outcome == outcome)

    def of(self, container: str) -> AuditReport:
        """The same for one of the containers alone."""
        own = tuple(finding for finding in self.findings if finding.container == container)
        return AuditReport((container,), own)


def audited(containers: Sequence[ContainerFacts], engine: EngineFacts) -> AuditReport:
    """Every rule asked of each of these containers."""
    return AuditReport(
        tuple(facts.name for facts in containers),
        tuple(finding for facts in containers for finding in _asked(facts, engine)),
    )


def _asked(facts: ContainerFacts, engine: EngineFacts) -> Iterable[AuditFinding]:
    for rule in RULES:
        yield AuditFinding(facts.name, rule.number, rule.asks, *rule.judge(facts, engine))
