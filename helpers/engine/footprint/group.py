"""Some of one kind, started at once; all of them go again, whatever happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from helpers.engine.base.removal import removed_afterwards
from helpers.errors import EngineError, NoSuchContainer

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.footprint.runner import Runner

_LOOK_SECONDS = 0.2


@contextmanager
def running(runner: Runner, count: int, answer_seconds: float) -> Iterator[Group]:
    """So many that have all answered; after the block, an error or an interrupt none is there.

    Raises NotReady where one does not answer in time, and what starting raises.
    """
    group = Group(runner, count, answer_seconds)
    with removed_afterwards(group.end):
        group.start()
        yield group


class Group:
    """Those that were started: `made`, and in `seconds` how long until the last had answered.

    They are started and removed on threads of their own, so an interrupt, which only ever reaches
    the main thread, loses none of them; not even a second one, while they are being removed.
    """

    def __init__(self, runner: Runner, count: int, answer_seconds: float) -> None:
        self.made: list[Container] = []
        self.seconds = 0.0
        self._runner = runner
        self._count = count
        self._answer_seconds = answer_seconds
        self._is_over = False
        self._changing = threading.Lock()
        # One more, so that there is always one to remove what the others wait for.
        self._threads = ThreadPoolExecutor(count + 1, thread_name_prefix="footprint")

    def start(self) -> None:
        """All of them at once, until each has answered or one has failed."""
        begun = time.monotonic()
        starts = [self._threads.submit(self._one) for _ in range(self._count)]
        _done(starts)
        self.seconds = time.monotonic() - begun

    def end(self) -> None:
        """None of them is there any more; raises the first EngineError of a removal."""
        removal = self._threads.submit(self._remove_all)
        self._threads.shutdown(wait=False)
        _done([removal])
        # Whoever waited for an answer stops now that its container is gone.
        self._threads.shutdown()

    def _one(self) -> None:
        mine = self._runner.start()
        if self._takes(mine):
            mine.wait_until_ready("/", seconds=self._answer_seconds)
        else:
            mine.remove(force=True)

    def _takes(self, container: Container) -> bool:
        """Whether it is one of the group now; once that is over, nobody else would remove it."""
        with self._changing:
            if not self._is_over:
                self.made.append(container)
            return not self._is_over

    def _remove_all(self) -> None:
        with self._changing:
            self._is_over = True
        errors: list[EngineError] = []
        for container in self.made:
            try:
                with suppress(NoSuchContainer):
                    container.remove(force=True)
            except EngineError as error:
                errors.append(error)
        if errors:
            raise errors[0]


def _done(tasks: Sequence[Future[None]]) -> None:
    """Back once all are done; raises at once what one of them raised.

    It wakes now and then: an interrupt that comes just before a wait is seen only after it.
    """
    waiting = set(tasks)
    while waiting:
        done, waiting = wait(waiting, _LOOK_SECONDS, FIRST_EXCEPTION)
        for task in done:
            task.result()
