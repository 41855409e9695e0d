"""The project's own folders are found in a typed command, and nothing else is taken for one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from helpers.engine.base import project_files
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


def test_a_file_of_the_project_can_be_read_in_a_container_whatever_the_umask_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prometheus runs as a user of its own, and reads what a clone under umask 077 has."""
    shared, own = tmp_path / "monitoring", tmp_path / "mine"
    for folder in (shared, own):
        folder.mkdir(mode=0o700)
        (folder / "prometheus.yml").touch(0o600)
        (folder / "start.sh").touch(0o700)
    monkeypatch.setattr(project_files, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    for word in ("./monitoring/prometheus.yml:/p.yml:ro", "./mine/prometheus.yml:/p.yml:ro"):
        assert with_project_paths([word]) == (word,)
    assert stat.S_IMODE((shared / "prometheus.yml").stat().st_mode) == 0o644
    assert stat.S_IMODE((own / "prometheus.yml").stat().st_mode) == 0o600
    assert project_files.project_path("monitoring") == Path("monitoring")
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / "start.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
