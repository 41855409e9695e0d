"""The engine that the doctor looks at: one that answers, or the private one for a short while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.engine.connection.client import open_client
from helpers.engine.connection.rules import is_chosen
from helpers.engine.host import packages
from helpers.engine.private import PrivateEngine
from helpers.errors import EngineNotFound, WorkbookError
from helpers.launcher.engine_for import Choice, choose_engine

if TYPE_CHECKING:
    from docker import DockerClient

_ANSWER_SECONDS = 30


@dataclass(frozen=True)
class ExaminedEngine:
    """An engine with an open connection, or the reason why there is none."""

    choice: Choice | None
    client: DockerClient | None
    problem: WorkbookError | None = None
    was_started: bool = False


@contextmanager
def engine_to_check() -> Iterator[ExaminedEngine]:
    """The engine that `./workbook lab` would take here; installs nothing, and no error comes out.

    A private engine that did not run is started for the block, and stopped after it.
    """
    with ExitStack() as stack:
        try:
            engine = _look(stack)
        except WorkbookError as problem:
            engine = ExaminedEngine(None, None, with_packages(problem))
        yield engine


def with_packages(problem: WorkbookError) -> WorkbookError:
    """The same problem; where `./workbook lab` would install an engine, with that as next step."""
    if not isinstance(problem, EngineNotFound) or is_chosen():
        return problem
    absent = packages.missing(PrivateEngine().packages())
    possible, _ = packages.can_install()
    if not absent or not possible:
        return problem
    return EngineNotFound(
        f"No Docker engine answers here, and {', '.join(absent)} for one of the workbook's own "
        "are not installed.",
        "Run `./workbook lab`: it installs them and starts its own engine.",
    )


def _look(stack: ExitStack) -> ExaminedEngine:
    choice = choose_engine(install=False)
    was_started = False
    if choice.is_private:
        private = PrivateEngine()
        was_started = not private.is_running()
        stack.enter_context(private.lease())
    client = open_client(choice.endpoint)
    stack.callback(client.close)
    client.api.timeout = _ANSWER_SECONDS
    return ExaminedEngine(choice, client, was_started=was_started)
