"""The cases with which each exercise proves itself on a real engine; one file a lesson.

A file lesson_NN.py here has CASES, a tuple of ExerciseCases. A cell is the source of a notebook
cell, with `docker` in scope, `!docker …` lines included:

    ExerciseCases(
        "02.1",
        wrong=(
            Attempt("another image", 'engine.run("busybox", name="site")', says="made from"),
            Attempt("by hand", "!docker create --name site busybox:1.37", says="never started"),
        ),
        unusual=(Attempt("made, then started", "!docker create …\\n!docker start site"),),
    )

`says` is a regular expression for what was observed or asked; no two wrong attempts may be told
the same. `prepare` is a cell that is run before anything else, where an exercise starts from
something that the learner is given. `leaves` are containers, images, networks and volumes that
the attempts make beside the exercise's own `names`. `keeps` says that these, and what the helpers
make of them, stay from one attempt of a test to the next: where making them anew takes longer than
the attempts.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules


@dataclass(frozen=True)
class Attempt:
    """One way to go about an exercise, and what must be said of it where it is wrong."""

    name: str
    cell: str
    says: str = ""


@dataclass(frozen=True)
class ExerciseCases:
    """The wrong and the unusual ways of one exercise; its own solution is the usual one."""

    number: str
    wrong: tuple[Attempt, ...]
    unusual: tuple[Attempt, ...]
    prepare: str = ""
    leaves: tuple[str, ...] = ()
    keeps: bool = False


def all_cases() -> dict[str, ExerciseCases]:
    """{exercise: cases} of every file in this folder."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {cases.number: cases for module in modules for cases in module.CASES}
