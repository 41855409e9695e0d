"""What the doctor says of an engine's networks, and what it advises."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, cast

import pytest

from helpers.doctor import network_checks
from helpers.doctor.engine_kind import DOCKER, DOCKER_DESKTOP, PODMAN, engine_kind
from helpers.doctor.network_checks import NetworkChecks
from helpers.doctor.network_rows import name_row, outside_row, port_row
from helpers.errors import EngineError, EngineGone
from helpers.model.features.network_probe import NetworkFault, NetworkProbe

WELL = NetworkProbe(None, "", 0.8)
FAULTS = list(NetworkFault)
KINDS = [DOCKER, DOCKER_DESKTOP, PODMAN]


def failed(fault: NetworkFault) -> NetworkProbe:
    return NetworkProbe(fault, "the engine's words", 0.8)


def test_what_works_is_told_with_its_time() -> None:
    rows = [
        name_row(WELL, DOCKER),
        port_row(WELL, DOCKER),
        outside_row(WELL, DOCKER, "x.org", True),
    ]
    assert [row.name for row in rows] == ["network", "port", "outside"]
    for row in rows:
        assert (row.status, row.next_step) == ("ok", "")
        assert "0.80 s" in row.observed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_a_step_on_each_engine(fault: NetworkFault, kind: str) -> None:
    tried = failed(fault)
    rows = [
        *(name_row(tried, kind), port_row(tried, kind), port_row(tried, kind, is_local=False)),
        *(outside_row(tried, kind, "x.org", is_here) for is_here in (True, False)),
    ]
    for row in rows:
        assert row.status == ("warning" if row.name == "outside" else "problem")
        assert row.observed.endswith(".")
        assert row.next_step.endswith(".")
        assert "{" not in row.next_step.replace('{"', "")


@pytest.mark.parametrize(
    ("fault", "kind", "word"),
    [
        (NetworkFault.RULES_NOT_WRITTEN, DOCKER, "iptables"),
        (NetworkFault.RULES_NOT_WRITTEN, PODMAN, "nftables"),
        (NetworkFault.RULES_GONE, PODMAN, "podman network reload"),
        (NetworkFault.RULES_GONE, DOCKER, "systemctl restart docker"),
        (NetworkFault.NO_ADDRESSES_LEFT, DOCKER, "docker network ls"),
        (NetworkFault.NAME_UNKNOWN, PODMAN, "aardvark-dns"),
        (NetworkFault.NO_WAY, DOCKER, "ufw"),
    ],
)
def test_the_step_fits_the_fault(fault: NetworkFault, kind: str, word: str) -> None:
    row = name_row(failed(fault), kind)
    assert word in row.next_step
    assert "the engine's words" in row.observed


def test_a_remote_engines_port_is_told_from_a_local_one() -> None:
    row = port_row(failed(NetworkFault.NO_WAY), DOCKER, is_local=False)
    assert "forward its ports" in row.next_step


@pytest.mark.parametrize(
    ("fault", "is_here", "word"),
    [
        (NetworkFault.NAME_UNKNOWN, True, "no DNS server that answers"),
        (NetworkFault.NO_WAY, True, "which this machine does"),
        (NetworkFault.NAME_UNKNOWN, False, "nor does this machine"),
    ],
)
def test_a_room_without_a_network_is_told_from_a_container_without_one(
    fault: NetworkFault, is_here: bool, word: str
) -> None:
    assert word in outside_row(failed(fault), DOCKER, "pypi.org", is_here).observed


def looked(
    monkeypatch: pytest.MonkeyPatch,
    tried: NetworkProbe | Exception,
    ran: Exception | None = None,
) -> Any:
    """The row of the network, where the probe comes to that; or what it raised."""

    @contextmanager
    def no_containers(client: object) -> Iterator[object]:
        yield client

    def probe(probes: object) -> NetworkProbe:
        if isinstance(tried, Exception):
            raise tried
        return tried

    monkeypatch.setattr(network_checks, "probe_containers", no_containers)
    monkeypatch.setattr(network_checks, "name_probe", probe)
    done: Future[None] = Future()
    done.set_exception(ran) if ran else done.set_result(None)
    return NetworkChecks(cast("Any", None), DOCKER, True, done).jobs()[0].look()


@pytest.mark.parametrize(
    ("system", "part", "kind"),
    [
        ("Debian GNU/Linux 13", "Engine", DOCKER),
        ("Docker Desktop", "Engine", DOCKER_DESKTOP),
        ("debian", "Podman Engine", PODMAN),
    ],
)
def test_the_kind_of_engine(system: str, part: str, kind: str) -> None:
    version = {"Components": [{"Name": part}]}
    assert engine_kind({"OperatingSystem": system}, version) == kind
    assert engine_kind({"OperatingSystem": system}, {}) == (DOCKER if kind == PODMAN else kind)


@pytest.mark.parametrize("tried", [failed(NetworkFault.REFUSED_OTHERWISE), EngineGone("It ended.")])
def test_where_no_container_runs_its_own_row_says_why(
    monkeypatch: pytest.MonkeyPatch, tried: Any
) -> None:
    row = looked(monkeypatch, tried, ran=EngineError("The engine's disk is full."))
    assert (row.status, row.observed) == ("warning", "Not looked at: no container runs here.")


def test_an_engine_that_goes_away_meanwhile_is_no_fault_of_its_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(EngineGone):
        looked(monkeypatch, EngineGone("It ended."))
