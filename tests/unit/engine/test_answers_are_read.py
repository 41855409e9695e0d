"""No part of an engine's answer is demanded with brackets: another engine leaves it out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HELPERS = Path(__file__).resolve().parents[3] / "helpers"
# The Engine API writes its keys so; most others write theirs small.
_KEY = re.compile(r"[A-Z][A-Za-z]*[a-z][A-Za-z]*|ID|OSType|NCPU|RW")
_SUSPECT = re.compile(r"\[\"[A-Z]|\.get\(\s*\"[A-Z]")
# What is no answer of an engine's: notes of the docker command's, behind an `except`; made here.
_OTHERS = {"engine/connection/contexts.py", "model/image/imported.py"}


def demanded(tree: ast.AST) -> Iterator[str]:
    """The parts that the code takes by such a key, as in `answer["Id"]` or `x.get("A").get`."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=ast.Constant(str(key)), ctx=ast.Load()) if _KEY.fullmatch(key):
                yield ast.unparse(node)
            case ast.Attribute(value=ast.BoolOp(values=[ast.Call() as call, _])):
                if _is_got(call):
                    yield ast.unparse(node)
            case ast.Attribute(value=ast.Call() as call) if _is_got(call):
                yield ast.unparse(node)


def _is_got(call: ast.Call) -> bool:
    match call:
        case ast.Call(func=ast.Attribute(attr="get", value=of), args=[ast.Constant(str(key)), *_]):
            named = of.attr if isinstance(of, ast.Attribute) else ""
            return bool(_KEY.fullmatch(key)) and named not in ("headers", "environ")
    return False


@pytest.mark.parametrize(
    "line",
    ['answer["Id"]', 'a["State"]["Pid"]', '(a.get("Config") or {}).get("Env")',
     'api.inspect_image(name)["Id"]', 'a.get("State", {}).get("Pid")'],
)  # fmt: skip
def test_the_kind_is_known(line: str) -> None:
    assert list(demanded(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    ['text_in(answer, "Id")', 'settings["Env"] = []', 'note["made"]', 'a.headers.get("Link").x',
     'columns["PID"]'],
)  # fmt: skip
def test_others_are_let_through(line: str) -> None:
    assert not list(demanded(ast.parse(line)))


def test_answers_are_read_by_their_readers() -> None:
    wrong: dict[str, list[str]] = {}
    for path in sorted(HELPERS.rglob("*.py")):
        name = path.relative_to(HELPERS).as_posix()
        text = path.read_text(encoding="utf-8")
        there = list(demanded(ast.parse(text))) if _SUSPECT.search(text) else []
        if there and name not in _OTHERS:
            wrong[name] = there
    assert not wrong, f"{wrong}; see answer_parts.py and needed_parts.py"
