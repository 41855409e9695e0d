"""The launcher is run by its path from a folder of somebody else's: none of their code runs."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from helpers.engine.base.project_files import ROOT
from tests.hostile.local_user import folder_of_traps, ran


@pytest.fixture
def launcher(tmp_path: Path) -> Path:
    """The launcher of a copy of the workbook, which requires the libraries of this run."""
    root = tmp_path / "workbook"
    shutil.copytree(
        ROOT / "helpers", root / "helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "workbook", root)
    (root / "requirements.txt").write_text("libraries==1.0\n")
    info = "libraries-1.0.dist-info"
    with zipfile.ZipFile(tmp_path / "libraries-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("libraries.pth", f"{sysconfig.get_path('purelib')}\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: libraries\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", f"libraries.pth,,\n{info}/METADATA,,\n{info}/RECORD,,\n")
    return root / "workbook"


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """A uv that can install nothing, and the file in which it notes the folder that it runs in."""
    (tmp_path / "programs").mkdir()
    program, noted = tmp_path / "programs/uv", tmp_path / "uv ran in"
    program.write_text(f"#!/bin/sh\npwd > '{noted}'\nexit 1\n")
    program.chmod(0o755)
    return noted


def test_nothing_of_the_current_folder_runs_or_decides(
    launcher: Path, uv: Path, tmp_path: Path
) -> None:
    """uv reads uv.toml, and what that says of indexes and hashes, from the folder it runs in."""
    marks = tmp_path / "marks"
    traps = folder_of_traps(tmp_path / "traps", marks)
    settings = {
        **os.environ,
        "PATH": f"{tmp_path / 'programs'}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path),
        "WORKBOOK_HOME": str(tmp_path / "home"),
    }
    for words in (["run", "--help"], ["images", "--help"]):  # a first start, and a later one
        command = [sys.executable, launcher, *words]
        done = subprocess.run(command, cwd=traps, env=settings, capture_output=True, text=True)
        assert ran(marks) == []
        assert done.returncode == 0, done.stderr
        assert f"usage: workbook {words[0]}" in done.stdout
    assert Path(uv.read_text().strip()) == launcher.parent / ".venv"


def test_every_python_that_is_started_leaves_the_current_folder_alone() -> None:
    """-P or -I stands before -m and -c, in the project's own folder apart."""
    bare = [
        f"{path.relative_to(ROOT)}: {ast.unparse(words)}"
        for path in [ROOT / "workbook", *(ROOT / "helpers").rglob("*.py")]
        for words in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(words, ast.List) and starts_python(words)
    ]
    assert [words for words in bare if "'pytest'" not in words] == []


def starts_python(words: ast.List) -> bool:
    """Whether these words start a module or a text in a Python that trusts the current folder."""
    texts = [word.value if isinstance(word, ast.Constant) else None for word in words.elts]
    program = ast.unparse(words.elts[0]) if words.elts else ""
    is_python = "python" in program or "executable" in program
    return is_python and bool({"-m", "-c"} & set(texts)) and not {"-P", "-I"} & set(texts)
