"""A neighbour that knows a way to the own engine's addresses, or writes them onto its packets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.hostile.local_user import is_root
from tests.hostile.neighbour import (
    CONTAINER,
    FAR,
    GATEWAY,
    LATER,
    NEIGHBOUR,
    SPOOFED,
    Neighbourhood,
    Sent,
    neighbourhood,
)

pytestmark = pytest.mark.skipif(
    not is_root() or shutil.which("ip") is None or shutil.which("iptables") is None,
    reason="network namespaces need root, ip and iptables",
)
SHORT = 0.5  # seconds for what is not to arrive


@pytest.fixture(scope="module")
def around() -> Iterator[Neighbourhood]:
    with neighbourhood() as made:
        yield made


@pytest.mark.parametrize("source", [NEIGHBOUR, SPOOFED])
@pytest.mark.parametrize(
    ("to", "target"), [("machine", GATEWAY), ("container", CONTAINER), ("later", LATER)]
)
def test_it_reaches_neither_metrics_nor_containers(
    around: Neighbourhood, source: str, to: str, target: str
) -> None:
    assert not around.send("neighbour", source, to, target, wait=SHORT).arrived


def test_it_sends_nothing_on_in_a_containers_name(around: Neighbourhood) -> None:
    assert not around.send("neighbour", SPOOFED, "far", FAR, wait=SHORT).arrived


@pytest.mark.parametrize(("sender", "source"), [("container", CONTAINER), ("later", LATER)])
@pytest.mark.parametrize(("to", "target"), [("machine", GATEWAY), ("far", FAR)])
def test_containers_reach_metrics_and_the_world(
    around: Neighbourhood, sender: str, source: str, to: str, target: str
) -> None:
    assert around.send(sender, source, to, target) == Sent(arrived=True, answered=True)


@pytest.mark.parametrize(
    ("to", "target"), [("machine", GATEWAY), ("container", CONTAINER), ("later", LATER)]
)
def test_so_does_the_machine_itself(around: Neighbourhood, to: str, target: str) -> None:
    assert around.send("machine", "0.0.0.0", to, target) == Sent(arrived=True, answered=True)


def test_networks_stay_apart(around: Neighbourhood) -> None:
    assert not around.send("container", CONTAINER, "later", LATER, wait=SHORT).arrived


def test_nothing_of_the_rules_is_left_when_the_engine_has_stopped() -> None:
    with neighbourhood() as made:
        assert made.rules()
        made.close()
        assert made.rules() == []
