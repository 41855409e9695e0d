"""Each lesson, run from top to bottom in the page, as a learner does, in turns light and dark.

The tests of each view look at it in both themes; running a lesson twice would prove nothing more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.lessons.lesson_files import committed_lessons
from tests.browser.lesson_page import OpenLesson, Theme

pytestmark = pytest.mark.browser

LESSONS = [f"notebooks/{path.name}" for path in committed_lessons().values()]
THEMES: list[Theme] = [("light", "dark")[index % 2] for index in range(len(LESSONS))]


@pytest.mark.parametrize(
    ("lesson", "theme"), list(zip(LESSONS, THEMES, strict=True)), ids=lambda word: Path(word).stem
)
def test_lesson_runs_in_the_page(open_lesson: OpenLesson, lesson: str, theme: Theme) -> None:
    page = open_lesson(lesson, theme)
    page.screenshot("opened")
    page.run_all()
    page.screenshot("finished")
