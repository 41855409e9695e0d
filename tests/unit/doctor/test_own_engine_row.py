"""The packages of the workbook's own engine: size, and newer ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from helpers.doctor import own_engine_row
from helpers.doctor.own_engine_row import own_engine_check, packages_row
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.private import EngineRelease
from helpers.errors import SetupFailed


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UnpackedTree:
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr/program").write_bytes(bytes(2_000_000))
    (tmp_path / "looked").touch()
    tree = UnpackedTree(tmp_path, "forky", {"docker.io": "28.5.2"}, "")
    monkeypatch.setattr(EngineRelease, "kept", lambda release: tree)
    return tree


def answer(monkeypatch: pytest.MonkeyPatch, newer: Mapping[str, str] | None) -> None:
    def ask(recipe: object, kept: object) -> Mapping[str, str]:
        if newer is None:
            raise SetupFailed("The mirror does not answer.", "Connect.")
        return newer

    monkeypatch.setattr(own_engine_row, "newer_versions", ask)


def test_newer_ones_are_fetched_by_the_next_start(
    tree: UnpackedTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, {"docker.io": "29.0.1"})
    row = own_engine_check(EngineRelease())
    assert row.status == "ok"
    assert row.observed == (
        "2 MB of Debian forky, only unpacked; there are newer ones: docker.io 29.0.1."
    )
    assert "./workbook lab" in row.next_step
    assert not (tree.folder / "looked").exists()


@pytest.mark.parametrize(("newer", "word"), [({}, "no newer ones."), (None, "does not answer.")])
def test_without_newer_ones_or_a_network_all_stays(
    tree: UnpackedTree, monkeypatch: pytest.MonkeyPatch, newer: Mapping[str, str] | None, word: str
) -> None:
    answer(monkeypatch, newer)
    row = own_engine_check(EngineRelease())
    assert (row.status, row.next_step) == ("ok", "")
    assert row.observed.endswith(word)
    assert (tree.folder / "looked").exists()


def test_many_are_counted() -> None:
    row = packages_row("1 MB", {f"p{number}": "2" for number in range(5)})
    assert row.observed == "1 MB; there are newer ones: p0 2, p1 2, p2 2 and 2 more."
