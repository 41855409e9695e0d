"""How a run is spread over two processes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.commands.test import FAILURES, TEST_ENGINES, covers_folders
from helpers.engine.base.project_files import ROOT
from tests.spread import plugin
from tests.spread.machine import LessonPorts, machine
from tests.spread.order import ALONE, OF_LESSONS, lesson_of, lesson_of_unit, rank, unit_of

# A third of a second for each pytest, and not four.
NO_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
TEST = """
import os, pytest
from pathlib import Path
@pytest.mark.parametrize("number", range(5))
def test_it(number):
    with Path(os.environ["SEEN"]).open("a") as seen:
        seen.write(f"{__name__} {os.environ['DOCKER_HOST']}\\n")
    if __name__ == "test_two" and number == 4:
        pytest.skip("the moon is not full")
"""


@pytest.mark.parametrize(
    ("words", "spread"),
    [
        ("tests/engine", True),
        ("tests/unit --durations=5", True),
        ("tests/engine -x", True),
        ("tests/engine/test_run.py", False),
        ("tests/engine -k run", False),
        ("tests/engine -n0", False),
        ("tests/engine --pdb", False),
        ("tests/engine --capture=no", False),
    ],
)
def test_only_folders_are_worth_two_processes(words: str, spread: bool) -> None:
    path, *options = words.split()
    assert covers_folders([path], options) is spread


@pytest.mark.parametrize(
    ("test", "lesson"),
    [
        ("notebooks/06_start_here.ipynb::Cell 0", "06"),
        ("tests/engine/test_exercises.py::test_an_unusual_way_passes[06.1]", "06"),
        ("tests/browser/test_lessons.py::test_every_cell[06_containers-dark]", "06"),
        ("tests/engine/test_exercises.py::test_every_exercise_has_its_cases", ""),
        ("tests/engine/test_run.py::test_it[05.1]", ""),
    ],
)
def test_what_publishes_a_lessons_ports_is_a_unit_of_its_own(test: str, lesson: str) -> None:
    file = test.split("::")[0]
    assert lesson_of(test) == lesson
    assert unit_of(test) == (f"{file} [{lesson}]" if lesson else file)
    assert lesson_of_unit(unit_of(test)) == lesson


def test_files_that_want_the_machine_alone_go_to_one_process() -> None:
    files = ("test_private_engine.py::test_it", "test_private_sharing.py::test_it[1]")
    assert {unit_of(f"{ALONE}/{file}") for file in files} == {ALONE}


def test_files_of_lessons_are_named_as_they_are() -> None:
    assert all((ROOT / path).exists() for path in OF_LESSONS)


def test_who_wants_to_be_alone_comes_while_the_other_process_needs_no_engine() -> None:
    files = ["engine/private/x.py", "unit/x.py", "engine/test_vm.py", "browser/x.py", "engine/x.py"]
    units = [f"tests/{file}" for file in files]
    reversed_units = [*reversed(units)]
    assert [*sorted(units, key=rank)] == [*sorted(reversed_units, key=rank)] == units


def test_a_lessons_ports_are_had_by_one_at_a_time(tmp_path: Path) -> None:
    first, second = LessonPorts(), LessonPorts()
    first.take(tmp_path, "02")
    other = threading.Thread(target=second.take, args=(tmp_path, "02"))
    second.take(tmp_path, "03")
    other.start()
    other.join(0.1)
    assert other.is_alive()
    first.take(tmp_path, "")
    other.join(10)
    assert not other.is_alive()
    second.take(tmp_path, "")


def test_alone_is_alone_and_goes_before_those_that_come_later(tmp_path: Path) -> None:
    order: list[str] = []
    waits = threading.Event()

    def enter(name: str, alone: bool) -> None:
        waits.set()
        with machine(tmp_path, alone):
            order.append(name)

    with machine(tmp_path, alone=False), machine(tmp_path, alone=False):
        first = threading.Thread(target=enter, args=("alone", True))
        first.start()
        waits.wait(10)
        first.join(0.1)
        second = threading.Thread(target=enter, args=("shared", False))
        second.start()
        second.join(0.1)
        assert order == []
    first.join(10)
    second.join(10)
    assert order == ["alone", "shared"]


def spread_over_two(folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """pytest on that folder, in two processes."""
    words = ("-p", "xdist.plugin", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", "-ra")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words, "."],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("skips", [False, True])
def test_what_failed_is_written_down_unless_something_was_skipped(
    tmp_path: Path, skips: bool
) -> None:
    (tmp_path / "conftest.py").write_text(
        'pytest_plugins = ["tests.policy", "tests.spread.plugin"]'
    )
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('word', ['a b', 'c'])\n"
        "def test_fails(word): assert word == 'c'\n"
        f"def test_skips():\n    if {skips}: pytest.skip('the moon is not full')\n"
    )
    assert plugin.FAILURES == FAILURES
    file = tmp_path / "failures.json"
    variables = {"CI": "true", "PATH": "/bin", "PYTHONPATH": str(ROOT), **NO_PLUGINS}
    done = spread_over_two(tmp_path, {**variables, FAILURES: str(file)})
    assert done.returncode == 1, done.stdout
    written = json.loads(file.read_text()) if file.exists() else None
    assert written == (None if skips else ["test_it.py::test_fails[a b]"])


def test_two_processes_two_engines_one_summary(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        'pytest_plugins = ["tests.policy", "tests.spread.plugin"]'
    )
    (tmp_path / "test_one.py").write_text(TEST)
    (tmp_path / "test_two.py").write_text(TEST)
    assert plugin.TEST_ENGINES == TEST_ENGINES
    variables = {"CI": "true", "PATH": "/bin", "PYTHONPATH": str(ROOT), **NO_PLUGINS}
    variables |= {TEST_ENGINES: "tcp://one tcp://two", "SEEN": str(tmp_path / "seen")}
    done = spread_over_two(tmp_path, variables)
    assert done.returncode == 1, done.stdout + done.stderr
    seen = (tmp_path / "seen").read_text().splitlines()
    assert len(seen) == 10
    assert len({line.split()[1] for line in seen}) == len(set(seen)) == 2
    lines = done.stdout.splitlines()
    assert any("test_two.py: 4 passed, 1 skipped in " in line for line in lines), done.stdout
    assert any(line.startswith("SKIPPED [1] ") and "moon" in line for line in lines)
    assert any(re.match(r"test_\w+\.py +5 tests", line) for line in lines), done.stdout
    assert "in CI a skip is a failure" in done.stdout
    assert "9 passed, 1 skipped" in lines[-1]
