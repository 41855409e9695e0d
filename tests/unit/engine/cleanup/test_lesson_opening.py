"""What is noted when lessons are opened: no note is lost where two kernels open at once."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from requests.exceptions import ConnectionError

from helpers.engine.cleanup import lesson_opening
from helpers.engine.supply import ledger
from helpers.errors import SetupFailed
from helpers.model.supply.supply import Source

LESSONS = [f"{number:02}" for number in range(12)]


def test_lessons_opened_at_once_are_all_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    ready = threading.Barrier(len(LESSONS))
    monkeypatch.setattr(lesson_opening, "present", lambda client, names: {"containers": {}})

    def identity() -> dict[str, str]:
        ready.wait()
        return {"ID": "engine"}

    client: Any = SimpleNamespace(info=identity)
    with ThreadPoolExecutor(len(LESSONS)) as pool:
        list(pool.map(lambda name: lesson_opening.open_lesson(client, name, ("web",)), LESSONS))
    noted = json.loads((tmp_path / "state/openings.json").read_text(encoding="utf-8"))
    assert sorted(noted) == [f"engine {name}" for name in LESSONS]


def test_a_clean_up_of_all_goes_by_names_only_where_a_lesson_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    there: dict[str, dict[str, str]] = {"containers": {}}
    monkeypatch.setattr(lesson_opening, "present", lambda client, names: dict(there))
    client: Any = SimpleNamespace(info=lambda: {"ID": "engine"})
    lesson_opening.open_lesson(client, "02", ("web",))
    assert lesson_opening.strangers(client, "02", only_open=True) == there
    lesson_opening.close_lesson(client, "02", ("web",))
    assert lesson_opening.strangers(client, "02") == there
    assert lesson_opening.strangers(client, "02", only_open=True) is None


def test_what_cannot_be_written_down_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setattr(lesson_opening, "state_dir", lambda: tmp_path / "a file")
    monkeypatch.setattr(ledger, "state_dir", lambda: tmp_path / "a file")
    client: Any = SimpleNamespace(info=lambda: {"ID": "engine"})
    with pytest.raises(SetupFailed, match=r"openings\.json cannot be written to") as caught:
        lesson_opening.open_lesson(client, "02", ("web",))
    assert "WORKBOOK_HOME" in caught.value.next_step
    with pytest.raises(SetupFailed, match=r"supplied\.jsonl cannot be written to"):
        ledger.announce("engine", "busybox:1.37", Source.STAND_IN)


def test_an_engine_that_is_gone_is_no_disk_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The errors of the library that connects are OSErrors, too."""

    def gone(client: Any, names: tuple[str, ...]) -> Any:
        raise ConnectionError("refused")

    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(lesson_opening, "present", gone)
    client: Any = SimpleNamespace(info=lambda: {"ID": "engine"})
    with pytest.raises(ConnectionError):
        lesson_opening.open_lesson(client, "02", ("web",))
