"""`./workbook test`: what the tests need, set up; then all of them, the quick ones first."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.base.project_files import ROOT
from helpers.errors import Interrupted, WorkbookError
from helpers.launcher.browser import ensure_browser
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.engines_for_tests import clean_engine, clean_engines
from helpers.launcher.environment import Environment
from helpers.launcher.screen import complain
from helpers.launcher.second_look import announcement, verdict, worth_repeating
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.lessons.lesson_files import committed_lessons
from helpers.model.image.tool_image import KUBERNETES_IMAGE

# tests/browser runs each notebook; `notebooks` by itself does so without a page and solutions.
PARTS = (
    "tests/unit", "sample_app", "tests/hostile", "tests/engine", "tests/notebooks",
    "tests/browser",
)  # fmt: skip
_NEED_ENGINE = ("tests/hostile", "tests/engine", "tests/notebooks", "notebooks", "tests/browser")
_NEED_BROWSER = ("tests/browser",)
CELL_SECONDS = 180
TIDY_SECONDS = 30
FAILED = 1  # pytest's exit status where tests ran and some failed
_NBVAL = (
    "--nbval",
    "--nbval-current-env",
    f"--nbval-cell-timeout={CELL_SECONDS}",
    "--nbval-sanitize-with=tests/notebooks/sanitize.cfg",
)
# Two processes, a file at a time; tests/spread/plugin.py says which, and gives each an engine.
_SPREAD = ("-n", "2", "--dist", "loadfile", "--max-worker-restart", "0")
# On a new machine it takes minutes, in which other tests can run: the first that needs it makes it.
COMPILED = (KUBERNETES_IMAGE,)
TEST_ENGINES = "WORKBOOK_TEST_ENGINES"
FAILURES = "WORKBOOK_TEST_FAILURES"
_CHOOSING = ("-k", "-m", "--lf", "--last-failed", "--sw", "--stepwise")
_LOOKING = ("-s", "--capture", "--pdb", "--trace", "--collect-only", "--co", "--fixtures", "-h")
_ONE_PROCESS = frozenset((*_CHOOSING, *_LOOKING, "-p", "--dist", "--help"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `test`."""
    parser.add_argument(
        "pytest", nargs="*", metavar="-- WORD", help="for pytest: options, files, folders"
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """pytest's exit status; with CI set a skipped test is a failure as well."""
    Environment().ensure_tests()
    paths, options = split_words(arguments.pytest)
    allow_stand_ins(arguments)
    with signals_as_interrupts(), ExitStack() as stack:
        is_whole = covers_folders(paths, options)
        engines = _set_up(paths, stack, arguments, is_whole)
        os.environ[TEST_ENGINES] = " ".join(engine.host for engine in engines)
        # Without -P, in ROOT on purpose: tests import `tests` from it.
        pytest = [sys.executable, "-m", "pytest", *_NBVAL]
        # One engine is not shared: lessons and tests would meet in its names and its ports.
        if not is_whole or len(engines) == 1:
            return _status_of([*pytest, *options, *paths])
        failures = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "failures.json"
        os.environ[FAILURES] = str(failures)
        status = _status_of([*pytest, *_SPREAD, *options, *paths])
        again = worth_repeating(failures, _NEED_ENGINE) if status == FAILED else []
        return _second_look([*pytest, *options], again, engines) if again else status


def _second_look(pytest: Sequence[str], tests: Sequence[str], engines: Sequence[Choice]) -> int:
    """pytest's exit status for these tests alone, on an engine on which nothing was left."""
    print(announcement(tests), flush=True)
    for engine in engines:
        clean_engine(engine)
    status = _status_of([*pytest, *tests])
    print(verdict(tests, status), flush=True)
    return status


def _status_of(command: Sequence[str]) -> int:
    """pytest's exit status; after Ctrl-C, which it gets as well, it may tidy up for a while."""
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            try:
                process.wait(TIDY_SECONDS)
            except subprocess.TimeoutExpired:
                process.terminate()
            raise


def split_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paths to test (all parts where none is named) and the options for pytest."""
    paths = [word for word in words if (ROOT / word.split("::")[0]).exists()]
    options = [word for word in words if word not in paths]
    return paths or [part for part in PARTS if (ROOT / part).exists()], options


def touches(paths: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether one of these paths is in, or holds, one of the parts."""
    plain = [path.split("::")[0].rstrip("/") for path in paths]
    return any(
        path == "." or f"{path}/".startswith(f"{part}/") or f"{part}/".startswith(f"{path}/")
        for path in plain
        for part in parts
    )


def covers_folders(paths: Sequence[str], options: Sequence[str]) -> bool:
    """Whether so much is to run that two processes are worth it, and no option wants to have one.

    Such options choose some of the tests, look into one, or say themselves how they are spread.
    """
    names = [option.split("=")[0] for option in options]
    wants_one = any(name in _ONE_PROCESS or name.startswith("-n") for name in names)
    return any((ROOT / path).is_dir() for path in paths) and not wants_one


def _set_up(
    paths: Sequence[str], stack: ExitStack, arguments: argparse.Namespace, is_whole: bool
) -> list[Choice]:
    """Engines, images and browser as far as these paths need them; the engines.

    What cannot be had is said here; the tests that need it skip with the reason, or fail in CI.
    """
    install = not arguments.no_install
    engines: list[Choice] = []
    if touches(paths, _NEED_BROWSER):
        try:
            ensure_browser(install)
        except WorkbookError as error:
            complain(error)
    if touches(paths, _NEED_ENGINE):
        try:
            chosen = choose_engine(install, arguments.engine)
            for choice in _engines(chosen, stack, 2 if is_whole else 1):
                engines.append(choice)
                supply_images(choice, list(committed_lessons()), without=COMPILED)
        except Interrupted:
            raise
        except WorkbookError as error:
            complain(error)
    return engines


def _engines(chosen: Choice, stack: ExitStack, count: int) -> list[Choice]:
    """Somebody's engine that answers, else so many of the tests' own."""
    if chosen.is_private:
        return stack.enter_context(clean_engines(chosen, count))
    return [stack.enter_context(held(chosen))]
