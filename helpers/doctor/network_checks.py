"""The doctor's checks of an engine's networks: each with containers of its own, side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from helpers.doctor import engine_rows, network_rows
from helpers.doctor.check import Check
from helpers.doctor.network_rows import TITLES
from helpers.doctor.timed_checks import Job
from helpers.engine.features.network_probes import (
    OUTSIDE_HOST,
    is_outside_reached_from_here,
    name_probe,
    outside_probe,
    port_probe,
)
from helpers.engine.features.probe_containers import ProbeContainers, probe_containers
from helpers.model.features.network_probe import NetworkProbe

if TYPE_CHECKING:
    from docker import DockerClient

_SECONDS = 40.0
_NO_CONTAINER = "no container runs here"


def network_jobs_without(why: str) -> list[Job]:
    """The same rows where nothing can be tried, with the reason."""
    rows = [engine_rows.not_looked_at(name, title, why) for name, title in TITLES.items()]
    return [Job(row.name, row.title, partial(_same, row)) for row in rows]


def _same(row: Check) -> Check:
    return row


class NetworkChecks:
    """The checks of one engine's networks; `ran` is done once a container without one was tried."""

    def __init__(self, client: DockerClient, kind: str, is_local: bool, ran: Future[None]) -> None:
        self._client = client
        self._kind = kind
        self._is_local = is_local
        self._ran = ran

    def jobs(self) -> list[Job]:
        """The checks, to be made side by side."""
        looks = {"network": self._name, "port": self._port, "outside": self._outside}
        return [
            Job(name, TITLES[name], look, _SECONDS, "warning" if name == "outside" else "problem")
            for name, look in looks.items()
        ]

    def _name(self) -> Check:
        return self._row("network", name_probe, network_rows.name_row)

    def _port(self) -> Check:
        row = partial(network_rows.port_row, is_local=self._is_local)
        return self._row("port", port_probe, row)

    def _outside(self) -> Check:
        def row(tried: NetworkProbe, kind: str) -> Check:
            is_reached = bool(tried.fault) and is_outside_reached_from_here()
            return network_rows.outside_row(tried, kind, OUTSIDE_HOST, is_reached)

        return self._row("outside", outside_probe, row)

    def _row(
        self,
        name: str,
        look: Callable[[ProbeContainers], NetworkProbe],
        row: Callable[[NetworkProbe, str], Check],
    ) -> Check:
        """What was tried, as a row; where no container runs at all, the engine's row says why."""
        try:
            with probe_containers(self._client) as probes:
                tried = look(probes)
        except Exception:
            if self._ran.exception(_SECONDS):
                return engine_rows.not_looked_at(name, TITLES[name], _NO_CONTAINER)
            raise
        if tried.fault and self._ran.exception(_SECONDS):
            return engine_rows.not_looked_at(name, TITLES[name], _NO_CONTAINER)
        return row(tried, self._kind)
