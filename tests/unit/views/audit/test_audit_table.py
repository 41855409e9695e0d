"""An audit as a table: what is broken comes first, what holds is counted, nothing is HTML."""

from __future__ import annotations

from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.audit.report import audited
from helpers.views.audit.audit_table import AuditTable
from tests.unit.audited_containers import bind, inspected


def test_one_container() -> None:
    report = audited([ContainerFacts.from_inspect(inspected())], EngineFacts())
    text = repr(AuditTable(report))
    lines = text.splitlines()
    assert lines[0] == (
        "web: 7 fail, 19 pass, 2 for you to judge, 3 cannot be known, 2 not on this engine"
    )
    assert " ".join(lines[1].split()) == "rule what it asks seen option of `docker run`"
    words = [line.split()[0] for line in lines[2:]]
    assert words[:7] == ["4.1", "5.11", "5.12", "5.13", "5.26", "5.27", "5.29"]
    assert "--read-only --tmpfs /tmp" in text
    assert "passes" not in text


def test_several_containers_are_told_apart() -> None:
    second = inspected(Privileged=True)
    second["Name"] = "/worker"
    facts = [ContainerFacts.from_inspect(answer) for answer in (inspected(), second)]
    table = AuditTable(audited(facts, EngineFacts()))
    lines = repr(table).splitlines()
    assert lines[0].startswith("web: 7 fail")
    assert "worker: 8 fail" in lines[0]
    assert {line.split()[0] for line in lines[2:]} == {"web", "worker"}
    assert [one.container for one in table.failed if one.number == "5.5"] == ["worker"]


def test_names_of_others_stay_text() -> None:
    answer = inspected()
    answer["Mounts"] = [bind("/etc", "/<b>$x$\x1b[2J\n\u202e")]
    bundle = AuditTable(
        audited([ContainerFacts.from_inspect(answer)], EngineFacts())
    )._repr_mimebundle_()
    assert "<b>" not in bundle["text/html"]
    assert "$x$" not in bundle["text/html"]
    for text in bundle.values():
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "\\x1b[2J\\n\\u202e" in bundle["text/plain"]
