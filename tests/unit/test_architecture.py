"""The arrows between the parts of the house run one way, and its files and functions are small."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HELPERS = ROOT / "helpers"
ONLY_ENGINE = {"socket", "subprocess", "docker", "requests", "urllib3", "http", "socketserver"}
STANDARD = set(sys.stdlib_module_names)
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"


def imported(path: Path) -> set[str]:
    """The modules that a file imports when it runs; those for type checking alone are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def parts(part: str) -> list[Path]:
    return sorted((HELPERS / part).rglob("*.py"))


def lint(root: Path) -> tuple[int, str]:
    """The exit code of import-linter in that tree, by the contracts of its pyproject.toml."""
    words = [sys.executable, "-c", LINT]
    settings = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1", "COLUMNS": "200"}
    run = subprocess.run(words, cwd=root, env=settings, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def test_imports_run_one_way_and_in_no_circle() -> None:
    code, report = lint(ROOT)
    assert code == 0, report
    assert "0 broken" in report


FOR_TYPES = "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from {} import {}\n"
IN_A_FUNCTION = "\ndef _hidden() -> object:\n    from {} import {}\n    return {}\n"


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        (
            "engine/registry/container.py",
            FOR_TYPES.format("helpers.engine.docker", "Docker"),
            "Inside engine they run one way",
        ),
        (
            "engine/base/labels.py",
            FOR_TYPES.format("helpers.engine.container.container", "Container"),
            "Inside engine they run one way",
        ),
        (
            "engine/layers/storage.py",
            IN_A_FUNCTION.format("helpers.engine.image", "image", "image"),
            "Inside engine they run one way",
        ),
        (
            "model/text/units.py",
            FOR_TYPES.format("helpers.model.vm.guest", "Guest"),
            "Inside model they run one way",
        ),
        (
            "views/usage/live_usage.py",
            "\nimport helpers.views.layers.layer_explorer\n",
            "Views share a kit, and do not know each other",
        ),
        (
            "errors.py",
            FOR_TYPES.format("helpers.model.build.report", "BuildReport"),
            "The arrows of the house run one way",
        ),
        (
            "views/kit/page.py",
            FOR_TYPES.format("helpers.engine.docker", "Docker"),
            "The arrows of the house run one way",
        ),
        (
            "engine/container/create.py",
            FOR_TYPES.format("helpers.engine.container.launcher", "Launcher"),
            "No circles, inside a package either",
        ),
    ],
)
def test_a_wrong_arrow_is_seen(tmp_path: Path, path: str, line: str, contract: str) -> None:
    """For types only, inside a function, or plain: each in a copy of the house."""
    shutil.copytree(HELPERS, tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "helpers" / path).open("a", encoding="utf-8") as file:
        file.write(line)
    code, report = lint(tmp_path)
    assert code != 0
    assert f"{contract} BROKEN" in report


def test_a_room_that_no_contract_names_is_seen(tmp_path: Path) -> None:
    shutil.copytree(HELPERS, tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "helpers/engine/attic.py").write_text('"""A room."""\n', encoding="utf-8")
    code, report = lint(tmp_path)
    assert code != 0
    assert "attic" in report


def test_the_model_needs_the_standard_library_alone() -> None:
    for path in [*parts("model"), HELPERS / "errors.py", HELPERS / "outside.py"]:
        others = {name.split(".")[0] for name in imported(path)} - {"helpers"} - STANDARD
        assert not others, f"{path.relative_to(ROOT)} imports {others}"


@pytest.mark.parametrize("part", ["model", "views", "exercises", "notebook", "doctor"])
def test_these_leave_sockets_and_processes_to_the_engine(part: str) -> None:
    for path in parts(part):
        wrong = {name.split(".")[0] for name in imported(path)} & ONLY_ENGINE
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_exercises_know_the_engine_by_its_types_alone() -> None:
    """What they look at is handed to them, so that a test may hand them something else."""
    for path in parts("exercises"):
        wrong = {name for name in imported(path) if name.startswith("helpers.engine")}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_the_environment_is_made_with_the_standard_library_alone() -> None:
    seen: set[str] = set()
    waiting = ["helpers.launcher.environment"]
    while waiting:
        name = waiting.pop()
        path = ROOT / (name.replace(".", "/") + ".py")
        if name in seen or not path.exists():
            continue
        seen.add(name)
        for other in imported(path):
            if other.startswith("helpers"):
                waiting.append(other)
            else:
                assert other.split(".")[0] in STANDARD, f"{name} imports {other}"
    assert "helpers.launcher.environment" in seen


def test_files_and_functions_stay_small() -> None:
    for path in sorted(HELPERS.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 260, f"{path.relative_to(ROOT)} is long"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                length = node.end_lineno - node.lineno + 1
                assert length <= 40, f"{path.relative_to(ROOT)}: {node.name} has {length} lines"


def test_pytest_passes_over_no_folder_of_tests(pytestconfig: pytest.Config) -> None:
    """Its own list has `build` in it, and whole rooms of tests would be left out in silence."""
    left_out = pytestconfig.getini("norecursedirs")
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    for folder in folders:
        for name in folder.relative_to(ROOT).parts:
            assert not any(fnmatch(name, pattern) for pattern in left_out), folder
