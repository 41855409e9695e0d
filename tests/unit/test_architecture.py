"""The arrows between the parts of the house run one way."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HELPERS = ROOT / "helpers"
ABOVE = {
    "model": {"model"},
    "engine": {"engine", "model"},
    "views": {"views", "model"},
    "exercises": {"exercises", "model"},
    "notebook": {"notebook", "exercises", "views", "engine", "model"},
    "lessons": {"lessons", "exercises", "views", "engine", "model", "notebook"},
    "launcher": {"launcher", "lessons", "exercises", "views", "engine", "model", "notebook"},
    "doctor": {"doctor", "launcher", "lessons", "views", "engine", "model"},
    "commands": {
        "commands",
        "doctor",
        "launcher",
        "lessons",
        "exercises",
        "views",
        "engine",
        "model",
        "notebook",
    },
}
ONLY_ENGINE = {"socket", "subprocess", "docker", "requests", "urllib3", "http", "socketserver"}
STANDARD = set(sys.stdlib_module_names)


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


@pytest.mark.parametrize("part", ABOVE)
def test_a_part_imports_only_what_stands_below_it(part: str) -> None:
    assert parts(part), f"helpers/{part} is empty"
    for path in parts(part):
        others = {name.split(".")[1] for name in imported(path) if name.startswith("helpers.")}
        wrong = others - ABOVE[part] - {"errors"}
        assert not wrong, f"{path.relative_to(ROOT)} must not import helpers.{wrong}"


def test_the_model_needs_the_standard_library_alone() -> None:
    for path in [*parts("model"), HELPERS / "errors.py"]:
        others = {name.split(".")[0] for name in imported(path)} - {"helpers"} - STANDARD
        assert not others, f"{path.relative_to(ROOT)} imports {others}"


@pytest.mark.parametrize("part", ["model", "views", "exercises", "notebook"])
def test_only_the_engine_opens_sockets_and_starts_processes(part: str) -> None:
    for path in parts(part):
        wrong = {name.split(".")[0] for name in imported(path)} & ONLY_ENGINE
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
