"""What becomes of a container's way out, on engines that are not at hand."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from helpers.engine.features import network_probes
from helpers.engine.features.network_probes import name_probe, outside_probe, port_probe
from helpers.engine.features.probe_containers import GREETING, ProbeContainers, ProbeRun
from helpers.errors import EngineError, EngineGone
from helpers.model.features.network_probe import NetworkFault, NetworkProbe

HERE = ("bridge",)
NO_NAME = ProbeRun("wget: bad address 'pypi.org'\n", 1, False, HERE)
NO_ROUTE = ProbeRun("wget: can't connect to remote host (151.101.0.223): No\n", 1, False, HERE)
REACHED = ProbeRun("wget: server returned error: HTTP/1.1 400 Bad Request\n", 1, False, HERE)
NO_IPTABLES = EngineError("The engine answered: Netavark: iptables: not there.")


class Answers:
    """Containers that end as was said; a network or a server may be refused."""

    def __init__(self, *answers: ProbeRun, refusal: EngineError | None = None) -> None:
        self.answers, self.refusal = list(answers), refusal
        self.asked: list[str] = []
        self.networks: list[str] = []

    @contextmanager
    def network(self) -> Iterator[str]:
        self.networks.append("new")
        yield "new"

    @contextmanager
    def running(self, words: object, files: object, **options: Any) -> Iterator[str]:
        if self.refusal:
            raise self.refusal
        yield "id"

    def name_of(self, container: str) -> str:
        return "server"

    def run(self, words: tuple[str, ...], **options: Any) -> ProbeRun:
        self.asked.append(f"{words[-1]} {options['network_mode']}")
        return self.answers.pop(0)


def probes(answers: Answers) -> ProbeContainers:
    return cast("ProbeContainers", answers)


def outcome(tried: NetworkProbe) -> tuple[NetworkFault | None, str]:
    assert tried.seconds >= 0
    return tried.fault, tried.words


def test_a_name_is_asked_for_on_the_new_network() -> None:
    answers = Answers(ProbeRun(f"{GREETING}\n", 0, False))
    assert outcome(name_probe(probes(answers))) == (None, "")
    assert answers.asked == ["http://server/ new"]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (NO_NAME, NetworkFault.NAME_UNKNOWN),
        (NO_ROUTE, NetworkFault.NO_WAY),
        # Somebody else's answer is none.
        (ProbeRun("another page", 0, False), NetworkFault.NO_WAY),
    ],
)
def test_a_name_that_does_not_lead_to_the_server(answer: ProbeRun, fault: NetworkFault) -> None:
    words = answer.output.strip()
    assert outcome(name_probe(probes(Answers(answer)))) == (fault, words)


@pytest.mark.parametrize("probe", [name_probe, port_probe])
def test_an_engine_that_refuses_is_a_fault(probe: Any) -> None:
    tried = probe(probes(Answers(refusal=NO_IPTABLES)))
    assert outcome(tried) == (NetworkFault.RULES_NOT_WRITTEN, "iptables: not there")


@pytest.mark.parametrize("probe", [name_probe, port_probe])
def test_an_engine_that_is_gone_is_an_error(probe: Any) -> None:
    with pytest.raises(EngineGone):
        probe(probes(Answers(refusal=EngineGone("It is gone."))))


@pytest.mark.parametrize(
    ("answers", "address", "fault", "asked"),
    [
        ([REACHED], "151.101.0.223", None, 1),
        ([NO_ROUTE], "151.101.0.223", NetworkFault.NO_WAY, 1),
        ([NO_NAME, REACHED], "151.101.0.223", NetworkFault.NAME_UNKNOWN, 2),
        ([NO_NAME, NO_ROUTE], "151.101.0.223", NetworkFault.NO_WAY, 2),
        ([ProbeRun(NO_ROUTE.output, 1, False)], "", NetworkFault.NO_DEFAULT_NETWORK, 1),
        # Where the name is not known here either, there is no address to try.
        ([NO_NAME], "", NetworkFault.NAME_UNKNOWN, 1),
    ],
)
def test_a_name_server_that_is_missing_is_told_from_a_road_that_is(
    monkeypatch: pytest.MonkeyPatch,
    answers: list[ProbeRun],
    address: str,
    fault: NetworkFault | None,
    asked: int,
) -> None:
    monkeypatch.setattr(network_probes, "_address_of", lambda host: address)
    world = Answers(*answers)
    assert outside_probe(probes(world)).fault is fault
    assert world.asked[:asked] == world.asked
    assert world.asked[0] == "http://pypi.org:443/ default"
    assert world.asked[1:] == ["http://151.101.0.223:443/ default"] * (asked - 1)


@pytest.mark.parametrize(
    ("look_up", "is_reached"),
    [
        (lambda host: "127.0.0.1", True),
        (lambda host: threading.Event().wait(60) and host, False),
    ],
    ids=["reached", "a name server that is silent"],
)
def test_this_machine_is_asked_for_no_longer_than_a_moment(
    monkeypatch: pytest.MonkeyPatch, look_up: Any, is_reached: bool
) -> None:
    monkeypatch.setattr(network_probes.socket, "gethostbyname", look_up)
    monkeypatch.setattr(network_probes, "_HERE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(network_probes, "OUTSIDE_PORT", server.getsockname()[1])
        assert network_probes.is_outside_reached_from_here() is is_reached
