"""What `./workbook test` sets up for which paths, and what CI makes of a skip."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.commands.test import _NEED_ENGINE, PARTS, split_words, touches
from helpers.engine.base.project_files import ROOT

# Without other plugins pytest starts in a third of a second, and not in four.
ENVIRONMENT = {"PATH": "/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def test_without_words_all_parts_quick_ones_first() -> None:
    paths, options = split_words([])
    assert paths == [part for part in PARTS if (ROOT / part).exists()]
    assert paths[0] == "tests/unit"
    assert paths[-1] == "tests/browser"
    assert options == []


def test_words_are_paths_or_options() -> None:
    word = "tests/unit/commands/test_test_command.py::test_words_are_paths_or_options"
    assert split_words(["-k", "foo", word]) == ([word], ["-k", "foo"])


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        ("tests/engine/test_run.py::test_x", True),
        ("tests/", True),
        (".", True),
        ("notebooks", True),
        ("tests/unit", False),
        ("tests/engineering", False),
    ],
)
def test_only_what_a_path_needs_is_set_up(path: str, touched: bool) -> None:
    assert touches([path], ("tests/engine", "notebooks")) is touched


@pytest.mark.parametrize("part", PARTS)
def test_a_part_with_tests_of_an_engine_gets_one(part: str) -> None:
    """A part by itself, too: else its tests would skip where the workbook starts the engine."""
    mark = re.compile(r"^ *(pytestmark = \[?|@)?pytest\.mark\.engine\b", re.MULTILINE)
    files = (ROOT / part).rglob("test_*.py")
    marked = [path.name for path in files if mark.search(path.read_text(encoding="utf-8"))]
    assert not marked or touches([part], _NEED_ENGINE), marked


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0), ("false", 0)])
def test_a_skip_fails_in_ci_and_says_so(tmp_path: Path, ci: str, status: int) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests/policy.py").read_text())
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_passes(): pass\n"
        "def test_skips(): pytest.skip('the moon is not full')\n"
    )
    command = [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "."]
    done = subprocess.run(
        command, cwd=tmp_path, env={"CI": ci, **ENVIRONMENT}, capture_output=True, text=True
    )
    assert done.returncode == status, done.stdout
    assert "the moon is not full" in done.stdout
    assert ("in CI a skip is a failure" in done.stdout) is bool(status)


def test_a_part_that_needs_an_engine_skips_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests/policy.py").read_text())
    (tmp_path / "tests/engine").mkdir(parents=True)
    (tmp_path / "tests/engine/test_it.py").write_text("def test_it(): assert False\n")
    variables = {"DOCKER_HOST": f"unix://{tmp_path}/none.sock", **ENVIRONMENT}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "tests/engine"],
        cwd=tmp_path,
        env={**variables, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No Docker engine answers at" in done.stdout
