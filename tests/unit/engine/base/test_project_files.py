"""The project's own folders are found in a typed command, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.base.project_files import ROOT, with_project_paths


def test_a_folder_of_the_project_is_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = "/etc/prometheus/prometheus.yml:ro"
    assert with_project_paths(["build", "./sample_app"]) == ("build", str(ROOT / "sample_app"))
    assert with_project_paths(["-v", f"./monitoring/prometheus.yml:{inside}"]) == (
        "-v",
        f"{ROOT / 'monitoring/prometheus.yml'}:{inside}",
    )


def test_a_copy_beside_the_notebook_comes_first_and_names_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_app").mkdir()
    for word in ("./sample_app", "sample_app", "monitoring", "./mine", "./mine:/inside", "."):
        assert with_project_paths([word]) == (word,)
