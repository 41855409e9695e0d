"""What was brought to which engine is written down and found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.supply.ledger import announce, ledger_file, record, supplied, unfinished
from helpers.model.supply.supply import Source, Supplied


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))


def test_each_engine_has_its_own_entries() -> None:
    assert supplied() == []
    record("engine-1", Supplied("busybox:1.37", Source.STAND_IN, "sha256:1", 5))
    record("engine-2", Supplied("registry:3", Source.HUB, "sha256:2", 5))
    assert [(entry.name, entry.source) for entry in supplied("engine-1")] == [
        ("busybox:1.37", "STAND_IN")
    ]
    assert [entry.image_id for entry in supplied()] == ["sha256:1", "sha256:2"]
    assert supplied("engine-3") == []


def test_damaged_lines_are_passed_over_and_spoil_no_other() -> None:
    record("e", Supplied("a:1", Source.HUB, "sha256:1", 5))
    with ledger_file().open("ab") as file:
        file.write(b'nonsense\n{"at": 1}\n[]\nnull\n\xff\xfe\n{"at": 3, "engine": "e", "na')
    record("e", Supplied("b:1", Source.HUB, "sha256:2", 5))
    assert [entry.name for entry in supplied("e")] == ["a:1", "b:1"]


def test_what_an_earlier_version_wrote_is_read_by_todays_names() -> None:
    line = '{"at": 1, "engine": "e", "name": "a:1", "image_id": "sha256:1", "source": "ROOM"}\n'
    ledger_file().parent.mkdir(parents=True, exist_ok=True)
    ledger_file().write_text(line)
    assert [Source[entry.source] for entry in supplied("e")] == [Source.SERVER]


def test_what_was_to_be_made_is_known_until_it_is_recorded() -> None:
    announce("e", "a:1", Source.STAND_IN)
    assert (unfinished("e"), unfinished("another"), supplied("e")) == ({"a:1"}, set(), [])
    record("e", Supplied("a:1", Source.STAND_IN, "sha256:1", 5))
    assert unfinished("e") == set()
