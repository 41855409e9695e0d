"""Names are the field's: words of our own that CONTRIBUTING's glossary replaces stay away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HELPERS = Path(__file__).resolve().parents[2] / "helpers"
OURS = {"room", "rooms", "place", "places", "told", "said", "found", "telling", "given", "named",
        "capability", "capabilities"}  # fmt: skip
OF_OTHERS = {
    *("NamedTuple", "ImageNotFound", "NotFound", "FileNotFoundError", "EngineNotFound"),
    *(
        "ModuleNotFoundError",
        "PackageNotFoundError",
        "NOT_FOUND",
        "_NOT_FOUND",
        "NamedTemporaryFile",
    ),
    *("_CAPABILITIES", "check_capabilities", "_CAPABILITY"),  # Linux's, and an extended attribute
}
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_COMMENT_OR_TEXT = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)


def is_ours(name: str) -> bool:
    """Whether a part of that name is one of the words that the glossary replaces."""
    parts = {word.lower() for word in _WORDS.findall(name)}
    return bool(parts & OURS) and name not in OF_OTHERS


def names_in(tree: ast.AST) -> Iterator[str]:
    """Every name that the code gives or uses."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            if isinstance(value := getattr(node, field, None), str):
                yield from value.split(".")


def test_the_words_are_known_in_each_spelling() -> None:
    for name in ("found", "found_by", "_told", "TextPlace", "ROOM", "is_telling", "NotTold"):
        assert is_ours(name), name
    for name in ("foundation", "placeholder", "replace", "NotFound", "NamedTuple", "bedroom"):
        assert not is_ours(name), name


@pytest.mark.parametrize("path", sorted(HELPERS.rglob("*.py")), ids=lambda path: path.stem)
def test_python_has_none_of_our_words(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wrong = {name for name in [path.stem, *names_in(tree)] if is_ours(name)}
    assert not wrong, f"{path.relative_to(HELPERS)}: {sorted(wrong)}; see CONTRIBUTING's glossary"


@pytest.mark.parametrize("path", sorted(HELPERS.rglob("*.js")), ids=lambda path: path.stem)
def test_scripts_have_none_of_our_words(path: Path) -> None:
    code = _COMMENT_OR_TEXT.sub("", path.read_text(encoding="utf-8"))
    wrong = {name for name in re.findall(r"[A-Za-z_$]\w*", code) if is_ours(name)}
    assert not wrong, f"{path.relative_to(HELPERS)}: {sorted(wrong)}; see CONTRIBUTING's glossary"
