"""The folders of lesson 03: as given, made anew, and never with a loss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import workfolder
from helpers.errors import InvalidInput
from helpers.notebook.workfolder import BACKUP, FOLDERS, LESSON_FILES, PAGE, ROOT


@pytest.fixture(autouse=True)
def beside_no_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_cell(source: str) -> None:
    """A notebook beside the folder with that cell."""
    cell = {"cell_type": "code", "source": source.splitlines(keepends=True)}
    Path("lesson.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


def test_the_app_is_a_copy_with_an_edition_a_stamp_and_a_backup() -> None:
    app = workfolder("my-app")
    assert repr(app).startswith("folder my-app, ")
    for name in ("Dockerfile", "app.py", "workbook_app/factory.py"):
        assert (app.path / name).read_text() == (ROOT / "sample_app" / name).read_text()
    assert not (app.path / "shop").exists()
    assert (app.path / BACKUP).stat().st_size > 20_000_000
    needs = (app.path / "requirements.txt").read_text().splitlines(keepends=True)
    assert needs[0].startswith("# copied ")
    assert "".join(needs[1:]) == (ROOT / "sample_app/requirements.txt").read_text()
    first = needs[0]
    assert workfolder("my-app").path.joinpath("requirements.txt").read_text().split("\n")[0] != (
        first.strip()
    )


def test_a_line_is_changed_and_told() -> None:
    app = workfolder("my-app")
    assert app.change_line().text.splitlines() == [
        PAGE,
        "- <p>Edition 1.</p>",
        "+ <p>Edition 2.</p>",
    ]
    app.change_line()
    assert "<p>Edition 3.</p>" in app.show(PAGE).text
    (app.path / PAGE).write_text("mine")
    with pytest.raises(InvalidInput, match="edition"):
        app.change_line()


def test_a_file_is_shown_as_text_with_its_lines() -> None:
    app = workfolder("my-app")
    assert app.show("Dockerfile").text.splitlines()[1] == "  2 | FROM python:3.13-slim"
    assert "&lt;h1&gt;" in app.show(PAGE).html
    with pytest.raises(InvalidInput, match="no file nothing"):
        app.show("nothing")


def test_untouched_it_is_made_anew_and_removed() -> None:
    app = workfolder("my-app")
    app.change_line()
    assert workfolder("my-app").note == ""
    assert app.remove() == "my-app is removed"
    assert app.remove() == "my-app is gone"
    assert not list(Path().iterdir())


def test_what_a_learner_wrote_in_an_editor_is_kept() -> None:
    app = workfolder("my-app")
    (app.path / "Dockerfile").write_text("FROM scratch\nCOPY mine /\n")
    assert app.remove() == (
        "my-app is kept, since you changed Dockerfile by hand; delete the folder if you do not "
        "need it"
    )
    again = workfolder("my-app")
    assert "my-app-1" in again.note
    assert Path("my-app-1/Dockerfile").read_text() == "FROM scratch\nCOPY mine /\n"
    (again.path / "notes.md").write_text("An idea.")
    assert "my-app-2" in workfolder("my-app").note
    assert Path("my-app-2/notes.md").exists()


@pytest.mark.parametrize(
    ("files", "named"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b and 2 more files"),
        (["bell\x07", "clear\x1b[2J"], "bell\\x07 and clear\\x1b[2J"),
    ],
)
def test_the_files_that_keep_a_folder_are_listed(files: list[str], named: str) -> None:
    folder = workfolder("tea")
    for file in files:
        (folder.path / file).write_text("Mine.")
    assert folder.remove().startswith(f"tea is kept, since you changed {named} by hand; delete")


def test_what_stands_in_a_cell_can_be_had_again_and_is_not_kept() -> None:
    app = workfolder("my-app")
    text = "FROM busybox\nCMD [\"echo\", 'x']\n"
    (app.path / "Dockerfile").write_text(text)
    write_cell(f"%%writefile my-app/Dockerfile\n{text}")
    assert app.remove() == "my-app is removed"


def test_a_broken_notebook_beside_it_does_not_matter() -> None:
    Path("broken.ipynb").write_text("{")
    Path("odd.ipynb").write_text('{"cells": [1]}')
    assert workfolder("vault").remove() == "vault is removed"


@pytest.mark.parametrize("name", FOLDERS)
def test_the_folders_of_the_exercises(name: str) -> None:
    folder = workfolder(name)
    for path, text in FOLDERS[name].items():
        assert (folder.path / path).read_bytes() == text.encode()
    assert folder.remove() == f"{name} is removed"


def test_there_is_no_other_folder() -> None:
    with pytest.raises(InvalidInput, match="bakery"):
        workfolder("../etc")


def test_no_two_lessons_give_folders_of_one_name() -> None:
    names = [name for lesson in LESSON_FILES for name in lesson.FOLDERS]
    assert sorted(names) == sorted(set(names))
