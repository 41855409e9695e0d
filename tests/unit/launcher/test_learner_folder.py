"""The learner's copies of the lessons follow the workbook, and nothing of the learner's is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.project_files import ROOT, project_path
from helpers.errors import SetupFailed
from helpers.launcher import learner_folder
from helpers.launcher.learner_folder import LearnerFolder
from helpers.lessons.lesson_files import committed_lessons

NAME = "01_layers.ipynb"
FIRST = {"title": "# Layers", "build": "docker.build('x')", "guess": "predict('01.1')"}


def lesson(folder: LearnerFolder, cells: dict[str, str]) -> None:
    """The workbook's lesson, executed: each code cell has an output."""
    made = [cell(name, source, "an answer") for name, source in cells.items()]
    write(folder.root / "notebooks" / NAME, {"cells": made, "metadata": {"widgets": {"a": 1}}})


def cell(name: str, source: str, output: str = "") -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    if source.startswith("#"):
        return {"id": name, "cell_type": "markdown", "source": lines, "metadata": {}}
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    return {
        "id": name, "cell_type": "code", "source": lines, "metadata": {"tags": ["t"]},
        "outputs": outputs, "execution_count": 1 if output else None,
    }  # fmt: skip


def write(path: Path, notebook: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def copy(folder: LearnerFolder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder.path / NAME).read_text(encoding="utf-8"))
    return found


def sources(folder: LearnerFolder) -> list[str]:
    return ["".join(cell["source"]) for cell in copy(folder)["cells"]]


def outputs(folder: LearnerFolder) -> dict[str, str]:
    return {
        cell["id"]: cell["outputs"][0]["text"]
        for cell in copy(folder)["cells"]
        if cell.get("outputs")
    }


@pytest.fixture
def folder(tmp_path: Path) -> LearnerFolder:
    """A workbook with one lesson and a sample app, copied once."""
    found = LearnerFolder(tmp_path / "workbook/work", tmp_path / "workbook")
    lesson(found, FIRST)
    app = found.root / "sample_app"
    (app / "pages/__pycache__").mkdir(parents=True)
    (app / "app.py").write_text("edition = 1\n")
    (app / ".dockerignore").write_text("*.sql\n")
    (app / "pages/one.html").write_text("<p>1</p>\n")
    (app / "pages/__pycache__/one.pyc").write_text("x")
    assert found.follow() == []
    return found


def run(folder: LearnerFolder) -> None:
    """What JupyterLab leaves of a notebook that was run: outputs, and an empty cell at its end."""
    mine = copy(folder)
    for each in mine["cells"]:
        if each["cell_type"] == "code":
            each |= {"outputs": cell("", "x", "mine")["outputs"], "execution_count": 7}
            each["source"] = "".join(each["source"])
    mine["cells"].append(cell("new", ""))
    mine["metadata"] |= {"language_info": {"name": "python"}}
    write(folder.path / NAME, mine)


def test_a_copy_has_the_same_cells_and_no_answers(folder: LearnerFolder) -> None:
    assert sources(folder) == list(FIRST.values())
    assert outputs(folder) == {}
    assert copy(folder)["metadata"] == {}
    assert [each.get("execution_count") for each in copy(folder)["cells"]] == [None] * 3
    assert copy(folder)["cells"][1]["metadata"] == {"tags": ["t"]}
    assert "an answer" in (folder.root / "notebooks" / NAME).read_text()


def test_the_sample_app_comes_along_without_what_machines_leave(folder: LearnerFolder) -> None:
    app = folder.path / "sample_app"
    names = {path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()}
    assert names == {"app.py", ".dockerignore", "pages/one.html"}


def test_what_was_run_stays_as_it_is(folder: LearnerFolder) -> None:
    run(folder)
    before = (folder.path / NAME).read_bytes()
    assert folder.follow() == []
    assert (folder.path / NAME).read_bytes() == before


def test_a_lesson_that_was_only_run_is_renewed_and_keeps_outputs_of_equal_cells(
    folder: LearnerFolder,
) -> None:
    run(folder)
    lesson(folder, {**FIRST, "guess": "predict('01.2')", "more": "docker.ps()"})
    assert folder.follow() == []
    assert sources(folder)[2:] == ["predict('01.2')", "docker.ps()"]
    assert outputs(folder) == {"build": "mine"}


def test_what_the_learner_changed_is_kept_and_told_each_time(folder: LearnerFolder) -> None:
    mine = copy(folder)
    mine["cells"][1]["source"] = ["docker.build('mine')"]
    write(folder.path / NAME, mine)
    assert folder.follow() == [], "the workbook has not changed"
    lesson(folder, {**FIRST, "guess": "predict('01.2')"})
    for _ in range(2):
        assert folder.follow() == [NAME]
        assert "docker.build('mine')" in sources(folder)
    lesson(folder, FIRST)
    assert folder.follow() == [], "the workbook is again what was given"
    assert "docker.build('mine')" in sources(folder)


def test_a_change_that_both_have_made_is_none(folder: LearnerFolder) -> None:
    mine = copy(folder)
    mine["cells"][1]["source"] = ["docker.build('y')"]
    write(folder.path / NAME, mine)
    lesson(folder, {**FIRST, "build": "docker.build('y')"})
    assert folder.follow() == []
    lesson(folder, FIRST)
    assert folder.follow() == []
    assert sources(folder) == list(FIRST.values())


def test_what_is_gone_is_given_again(folder: LearnerFolder) -> None:
    (folder.path / NAME).unlink()
    shutil.rmtree(folder.path / "sample_app")
    assert folder.follow() == []
    assert sources(folder) == list(FIRST.values())
    assert (folder.path / "sample_app/pages/one.html").exists()


def test_files_of_the_app_follow_one_by_one(folder: LearnerFolder) -> None:
    theirs, mine = folder.root / "sample_app", folder.path / "sample_app"
    (mine / "app.py").write_text("edition = 'mine'\n")
    (mine / "my_own.py").write_text("mine\n")
    for name in ("app.py", "pages/one.html"):
        (theirs / name).write_text("new\n")
    assert folder.follow() == ["sample_app/app.py"]
    assert (mine / "app.py").read_text() == "edition = 'mine'\n"
    assert (mine / "pages/one.html").read_text() == "new\n"
    assert (mine / "my_own.py").read_text() == "mine\n"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}'])
def test_a_copy_that_is_no_notebook_any_more_is_the_learners(
    folder: LearnerFolder, content: str
) -> None:
    (folder.path / NAME).write_text(content)
    lesson(folder, {**FIRST, "more": "docker.ps()"})
    assert folder.follow() == [NAME]
    assert (folder.path / NAME).read_text() == content


@pytest.mark.parametrize("record", [None, "", "[1]", "null"])
def test_without_its_record_nothing_is_overwritten(
    folder: LearnerFolder, record: str | None
) -> None:
    path = folder.path / ".given.json"
    path.unlink() if record is None else path.write_text(record)
    run(folder)
    lesson(folder, {**FIRST, "more": "docker.ps()"})
    assert folder.follow() == [NAME]
    assert outputs(folder) == {"build": "mine", "guess": "mine"}


def test_where_it_cannot_write_it_says_so(folder: LearnerFolder) -> None:
    in_the_way = folder.root / "file"
    in_the_way.touch()
    with pytest.raises(SetupFailed, match=r"cannot be kept in .*file.*WORKBOOK_WORK=FOLDER"):
        LearnerFolder(in_the_way, folder.root).follow()


def test_the_folder_is_ignored_by_git_or_where_one_wants_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("WORKBOOK_WORK", raising=False)
    root = learner_folder.ROOT
    assert LearnerFolder.of_workbook().path == root / "work"
    assert "/work/" in (root / ".gitignore").read_text().splitlines()
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    assert LearnerFolder.of_workbook().path == tmp_path


def test_every_lesson_and_the_real_app_can_be_given(tmp_path: Path) -> None:
    folder = LearnerFolder(tmp_path)
    assert folder.follow() == []
    for path in committed_lessons().values():
        text = (tmp_path / path.name).read_text(encoding="utf-8")
        assert all(not cell.get("outputs") for cell in json.loads(text)["cells"])
    assert (tmp_path / "sample_app/Dockerfile").exists()


@pytest.mark.parametrize("name", ["sample_app", "monitoring/prometheus.yml"])
def test_what_lessons_name_is_found_beside_the_notebook_first(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert project_path(name) == ROOT / name
    assert project_path("./" + name) == ROOT / name
    (tmp_path / name).mkdir(parents=True)
    assert project_path(name) == Path(name)
    assert project_path("sample_apps") == Path("sample_apps")
