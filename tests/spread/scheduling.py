"""xdist's scheduler of whole files, with our order and our units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.spread.order import lesson_of_unit, rank, unit_of


class FileScheduling(LoadScopeScheduling):
    """A process that has next to nothing left to do gets the next file.

    `expect` gets all tests, once they are known.
    """

    def __init__(
        self, config: pytest.Config, log: Any, expect: Callable[[Sequence[str]], None]
    ) -> None:
        super().__init__(config, log)
        self._expect = expect

    def schedule(self) -> None:
        if self.collection is None:
            self._expect(next(iter(self.registered_collections.values())))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        taken = self._lessons_of_others(node)
        unit = min(self.workqueue, key=lambda unit: (lesson_of_unit(unit) in taken, rank(unit)))
        self.workqueue.move_to_end(unit, last=False)
        super()._assign_work_unit(node)

    def _lessons_of_others(self, node: WorkerController) -> set[str]:
        """The lessons on which another process is at work: ours would wait for their ports."""
        units = (
            unit
            for other, work in self.assigned_work.items()
            for unit, tests in work.items()
            if other is not node and not all(tests.values())
        )
        return {lesson_of_unit(unit) for unit in units} - {""}
