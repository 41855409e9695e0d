"""A look at the engine that cannot go wrong: it ends in time, with a finding or a hint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from helpers.engine.connect import connect
from helpers.engine.docker import Docker
from helpers.errors import Interrupted, NoSuchContainer, NoSuchImage, WorkbookError
from helpers.model.course.exercise import Exercise, Finding, unknown
from helpers.notebook.patience import within

Answer = TypeVar("Answer")
_FAULT = "That is a fault of the workbook and not yours; what you made is untouched."


def look(exercise: Exercise[Any]) -> Finding:
    """What the exercise's check finds; 'could not look', with the reason, where it finds nothing.

    Raises Interrupted, and nothing else.
    """
    try:
        return _asked(exercise, exercise.check)
    except Interrupted:
        raise
    except (NoSuchContainer, NoSuchImage) as gone:
        return unknown(
            f"Something went away while the check looked. {gone.message}", "Check once more."
        )
    except WorkbookError as problem:
        return unknown(problem.message, problem.next_step)
    except Exception as fault:
        return unknown(f"The check itself failed: {_fault_line(fault)}.", _FAULT)


def hint_text(exercise: Exercise[Any], index: int) -> str:
    """The hint of that index from 0; the reason where it must look at the engine and cannot."""
    hint = exercise.hints_shown[index]
    if hint is not None:
        return hint
    try:
        return _asked(exercise, lambda docker: exercise.hint(index, docker))
    except Interrupted:
        raise
    except WorkbookError as problem:
        return f"This hint looks at your engine first, and could not. {problem}"
    except Exception as fault:
        return f"This hint looks at your engine first, and failed: {_fault_line(fault)}. {_FAULT}"


def _asked(exercise: Exercise[Any], ask: Callable[[Docker], Answer]) -> Answer:
    """What the question brings, in the exercise's time.

    The connection is one of its own and for no lesson: nothing is noted or made by looking.
    """

    def call() -> Answer:
        docker = connect()
        docker.client.api.timeout = exercise.seconds
        try:
            return ask(docker)
        finally:
            docker.client.close()

    return within(exercise.seconds, call)


def _fault_line(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}".strip(": ")
