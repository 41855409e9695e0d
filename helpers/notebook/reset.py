"""`reset_progress("02.1")`: a fresh start for an exercise, a lesson, or everything."""

from __future__ import annotations

from helpers.errors import InvalidInput
from helpers.exercises import all_coursework, lessons_with_coursework
from helpers.model.course.coursework import normal_key
from helpers.model.course.progress import Standing, covers
from helpers.notebook.progress import progress_file
from helpers.views.kit.page import Page, alert

ALL = "*"


def reset_progress(what: str | None = None, *, sure: bool = False) -> Page:
    """What was forgotten: the progress of a task ('02.1'), a lesson ('02'), or everything.

    It asks first, unless `sure`; the engine is left alone. With everything, the old file is kept
    under another name. Raises InvalidInput where there is no such task.
    """
    target = ALL if what is None else _known(what)
    kept = progress_file().standing()
    if not (count := _count(kept, target)):
        return alert("info", f"There is no progress to forget for {_spoken(target)}.")
    question = f"Forget the progress of {_spoken(target)} ({count} kept)? Type yes to go on: "
    if not (sure or _agreed(question)):
        again = "sure=True" if what is None else f'"{target}", sure=True'
        return alert("info", f"Nothing was changed. `reset_progress({again})` does not ask.")
    aside = progress_file().reset(target)
    lines = [f"The progress of {_spoken(target)} is forgotten; on the engine nothing was changed."]
    if aside:
        lines.append(f"The old file is kept as `{aside}`.")
    return alert("success", *lines)


def _known(what: str) -> str:
    target = normal_key(what)
    tasks = [task.key for course in all_coursework() for task in course.tasks]
    if target in (*lessons_with_coursework(), *tasks):
        return target
    raise InvalidInput(
        f"There is nothing {what!r} to reset; an exercise is called '02.1', a lesson '02'."
    )


def _count(standing: Standing, target: str) -> int:
    """How many tasks with something kept the target covers."""
    keys = {*standing.outcomes, *standing.hints, *standing.predictions, *standing.quiz}
    return sum(covers(target, key) for key in keys)


def _agreed(question: str) -> bool:
    """Whether somebody typed yes; False where nobody can be asked, as in a test's kernel."""
    try:
        return input(question).strip().lower() == "yes"
    except (EOFError, NotImplementedError, OSError):
        return False


def _spoken(target: str) -> str:
    if target == ALL:
        return "all lessons"
    return target if "." in target else f"lesson {target}"
