"""xdist's scheduler of whole files, with our order and our units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.spread.order import rank, unit_of


class FileScheduling(LoadScopeScheduling):
    """A process that has next to nothing left to do gets the next file, or all lessons.

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
        self.workqueue.move_to_end(min(self.workqueue, key=rank), last=False)
        super()._assign_work_unit(node)
