"""Each lesson, run from top to bottom in the page, as a learner does, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.commands.lesson_files import committed_lessons
from tests.browser.lesson_page import OpenLesson

LESSONS = [f"notebooks/{path.name}" for path in committed_lessons().values()]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: Path(path).stem)
def test_lesson_runs_in_the_page(open_lesson: OpenLesson, lesson: str, theme: str) -> None:
    page = open_lesson(lesson, theme)
    page.screenshot("opened")
    page.run_all()
    page.screenshot("finished")
    assert page.cells.count() > 0
