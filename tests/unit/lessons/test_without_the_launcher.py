"""Notebooks that Jupyter's own tools run, in an environment that the launcher did not make."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from helpers.engine.base.project_files import ROOT
from helpers.lessons.notebook_file import new_cell, new_notebook, write_notebook

CELL = """from helpers import connect
from helpers.engine.base.project_files import project_path
assert connect.__module__ == "helpers.notebook.connect"
assert project_path("sample_app").is_dir()"""
# As papermill does it: the kernel starts in the folder that the tool was started from.
STARTED_HERE = """import nbformat, sys
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], 4), resources={"metadata": {"path": "."}}).execute()"""
NBCONVERT = ("-m", "nbconvert", "--to", "notebook", "--execute", "--output", "executed")
NBVAL = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval")
NBCLIENT = ("-c", STARTED_HERE)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the libraries, and no word of this project."""
    return environment(tmp_path_factory.mktemp("environment"), sysconfig.get_path("purelib"))


def environment(folder: Path, *searched: str) -> Path:
    """The interpreter of a new environment in that folder, which looks there for modules, too."""
    subprocess.run([sys.executable, "-P", "-m", "venv", "--without-pip", folder], check=True)
    names = {"base": str(folder), "platbase": str(folder)}
    # A path in a .pth file is searched, and .pth files that lie there are not read.
    libraries = Path(sysconfig.get_path("purelib", "venv", names), "libraries.pth")
    libraries.write_text("\n".join([*searched, ""]), encoding="utf-8")
    return Path(sysconfig.get_path("scripts", "venv", names), "python")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one notebook, which fails where it does not find the project."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "notebooks").mkdir()
    (folder / "helpers").symlink_to(ROOT / "helpers", target_is_directory=True)
    source = (ROOT / "notebooks/helpers.py").read_bytes()
    (folder / "notebooks/helpers.py").write_bytes(source)
    cell = new_cell("code", CELL, "ask")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write_notebook(new_notebook([cell], {"kernelspec": kernel}), folder / "notebooks/asks.ipynb")
    return folder


def run(python: Path, folder: Path, *words: str, **variables: str) -> None:
    """Runs that Python in that folder; a failure is told with all that was said."""
    names = ("PYTHONPATH", "PYTHONSAFEPATH", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "CI")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    ended = subprocess.run(
        [python, *words],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("tool", "folder"),
    [(NBCONVERT, "."), (NBVAL, "notebooks"), (NBCLIENT, "."), (NBCLIENT, "notebooks")],
    ids=["nbconvert", "nbval", "kernel at the root", "kernel among the notebooks"],
)
def test_tools_find_helpers(
    python: Path, project: Path, tool: tuple[str, ...], folder: str
) -> None:
    notebook = project / "notebooks/asks.ipynb"
    run(python, project / folder, *tool, os.path.relpath(notebook, project / folder))


def test_with_the_safe_path_the_environment_names_the_project(
    project: Path, tmp_path: Path
) -> None:
    """As `pip install -e .` leaves it: then nothing is imported from the current folder."""
    python = environment(tmp_path / "own", sysconfig.get_path("purelib"), str(project))
    run(python, project, *NBCLIENT, "notebooks/asks.ipynb", PYTHONSAFEPATH="1")


@pytest.mark.parametrize("is_copy", [False, True], ids=["the folder", "a copy elsewhere"])
def test_beside_the_launcher_the_same_package_comes_of_it(
    python: Path, tmp_path: Path, is_copy: bool
) -> None:
    """From the notebooks' folder and the project's, under one name, each module once."""
    folder = tmp_path / "notebooks" if is_copy else ROOT / "notebooks"
    if is_copy:
        folder.mkdir()
        (folder / "helpers.py").write_bytes((ROOT / "notebooks/helpers.py").read_bytes())
    ask = (
        "import sys; sys.path[:0] = sys.argv[1:]; import helpers.errors, helpers; "
        "assert sys.modules['helpers'] is helpers and helpers.connect.__module__; "
        "assert helpers.__path__ == [sys.argv[2] + '/helpers'], helpers.__path__; "
        "assert sys.path[:2] == sys.argv[1:]"
    )
    run(python, tmp_path, "-I", "-c", ask, str(folder), str(ROOT))


def test_nbval_runs_without_what_tests_need_on_top(python: Path) -> None:
    """pyproject.toml has settings of plugins that requirements.txt does not bring."""
    words = ["-p", "no:timeout", "-p", "no:xdist", "--collect-only"]
    run(python, ROOT, *NBVAL, *words, "notebooks/00_start_here.ipynb")
