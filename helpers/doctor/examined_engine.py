"""The engine that the doctor looks at: one that answers, or the private one for a short while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.engine.connection.client import open_client
from helpers.engine.private.client_command import prepare_client
from helpers.errors import WorkbookError
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
    """The engine that `./workbook lab` would take here; fetches nothing, and no error comes out.

    A private engine that did not run is started for the block, and stopped after it.
    """
    with ExitStack() as stack:
        try:
            engine = _look(stack)
        except WorkbookError as problem:
            engine = ExaminedEngine(None, None, problem)
        yield engine


def _look(stack: ExitStack) -> ExaminedEngine:
    choice = choose_engine(install=False)
    was_started = False
    if choice.private:
        was_started = not choice.private.is_running()
        prepare_client(choice.private.release.tree())
        stack.enter_context(choice.private.lease())
    client = open_client(choice.endpoint)
    stack.callback(client.close)
    client.api.timeout = _ANSWER_SECONDS
    return ExaminedEngine(choice, client, was_started=was_started)
