"""`lesson_map()` and `progress("02")`: the lessons, and how far the learner is."""

from __future__ import annotations

from html import escape

from helpers.engine.base.project_files import ROOT
from helpers.exercises import all_coursework, coursework
from helpers.model.course.lesson import LESSONS
from helpers.model.course.lesson import lesson as find_lesson
from helpers.notebook.progress import progress_file
from helpers.views.course.lesson_map import lesson_map_page, progress_line
from helpers.views.kit.page import Page

NOTEBOOKS = ROOT / "notebooks"


def lesson_map() -> Page:
    """Each lesson with its question and minutes, and each exercise with how far it is."""
    there = [lesson for lesson in LESSONS if (NOTEBOOKS / lesson.file_name).exists()]
    work = {course.lesson: course for course in all_coursework()}
    return lesson_map_page(LESSONS, there, work, progress_file().standing())


def progress(lesson: str) -> Page:
    """How far the learner is in that lesson ('02'), in one line; raises InvalidInput."""
    chosen = find_lesson(lesson)
    line = progress_line(chosen, coursework(chosen.number), progress_file().standing())
    return Page(f"<p>{escape(line)}</p>", line)
