"""The rules of an audit, by their numbers.

Source: the CIS Docker Benchmark 1.6.0, section 5 and rule 4.1, numbered and decided as
docker-bench-security 1.6 does it; where we decide otherwise, the rule's own file says why.
"""

from __future__ import annotations

from helpers.model.audit import host_rules, privilege_rules, resource_rules
from helpers.model.audit.finding import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*privilege_rules.RULES, *host_rules.RULES, *resource_rules.RULES),
        key=lambda rule: [int(part) for part in rule.number.split(".")],
    )
)
