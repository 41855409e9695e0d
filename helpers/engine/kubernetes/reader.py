"""A cluster, read once more: its lamps first, then what its API server and its runtime tell."""

from __future__ import annotations

from dataclasses import replace

from helpers.engine.kubernetes.source import ClusterSource
from helpers.errors import WorkbookError
from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.kubernetes.programs import PROGRAMS
from helpers.model.kubernetes.state import (
    API_SERVER,
    KINDS,
    ClusterState,
    runtime_from,
    state_from,
)

OFF = f"{API_SERVER} is off, and nobody else knows what there is."
SILENT = f"{API_SERVER} does not answer."


class StateReader:
    """Reads a cluster's state; with an app, what belongs to that."""

    def __init__(self, source: ClusterSource, app: str = "") -> None:
        self._source = source
        self._app = app

    def read(self, before: ClusterState | None = None) -> ClusterState:
        """The state as it is now; where a part cannot be told, that of before, and a word on it.

        Raises WorkbookError where the cluster itself cannot be asked.
        """
        known = before or ClusterState(app=self._app)
        running = self._source.programs()
        programs = {name: name in running for name in PROGRAMS}
        if not programs.get(API_SERVER):
            now = replace(known, programs=programs, contact=Contact(False, OFF))
        else:
            now = self._asked(replace(known, programs=programs))
        return self._with_containers(now)

    def _asked(self, known: ClusterState) -> ClusterState:
        try:
            objects = self._source.get(*KINDS, namespace=None)
        except WorkbookError:
            return replace(known, contact=Contact(False, SILENT))
        now = state_from(objects, known.programs, (), self._app)
        return replace(now, containers=known.containers, contact=CONNECTED)

    def _with_containers(self, known: ClusterState) -> ClusterState:
        try:
            return replace(known, containers=runtime_from(self._source.containers()))
        except WorkbookError:
            return known
