"""`audit(containers)`: what the rules of the CIS Docker Benchmark say of them."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.engine.audit.gathered_facts import container_facts, engine_facts
from helpers.engine.container.container import Container
from helpers.errors import InvalidInput
from helpers.model.audit.report import audited
from helpers.notebook.session import current_engine
from helpers.views.audit.audit_table import AuditTable

Which = Container | str


def audit(*containers: Which | Iterable[Which]) -> AuditTable:
    """What each rule of section 5 of the CIS Docker Benchmark says of these containers.

    Names or containers, one or many. Raises InvalidInput for none, NoSuchContainer, EngineGone.
    """
    chosen = list(_each(containers))
    if not chosen:
        raise InvalidInput("There is no container to audit.", 'Name one, as in `audit("web")`.')
    client = current_engine().client
    names = [one if isinstance(one, str) else one.id for one in chosen]
    return AuditTable(audited([container_facts(client, name) for name in names],
                              engine_facts(client)))  # fmt: skip


def _each(containers: Iterable[Which | Iterable[Which]]) -> Iterable[Which]:
    for one in containers:
        if isinstance(one, str | Container):
            yield one
        else:
            yield from one
