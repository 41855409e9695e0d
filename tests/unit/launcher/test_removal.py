"""What `./workbook clean --all` takes away of the workbook's engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.launcher import removal


class Engine:
    """An engine that notes its removal."""

    removed: list[str]

    def __init__(self, name: str = "workbook") -> None:
        self.name, self.data_root = name, Path("/nowhere" if name == "workbook" else "/")

    def remove(self) -> None:
        self.removed.append(self.name)


def test_the_tests_second_engine_goes_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Engine.removed = []
    monkeypatch.setattr(removal, "PrivateEngine", Engine)
    monkeypatch.setattr(removal.os, "geteuid", lambda: 0)
    monkeypatch.setattr(removal.sys, "platform", "linux")
    removal.remove_own_engine()
    assert Engine.removed == ["workbook", "tests"]
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "The workbook's own engine: was not there",
        "The tests' second engine: removed",
    ]
