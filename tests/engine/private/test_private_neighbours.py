"""The engine that runs, and a neighbour that knows a way to it; tests/hostile tries the rules."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import private_kit as kit
import pytest
from private_world import address_of, can_fetch

from helpers.engine.private import PrivateEngine
from helpers.engine.private.daemon_settings import METRICS_PORT

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="a private engine needs Linux and root",
    ),
]
NAME, HERE, THERE = "wbpriv-near", "198.51.100.9", "198.51.100.10"
CONNECT = """
import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2).close()
"""


@contextmanager
def neighbour(network: str) -> Iterator[None]:
    """A machine on a network with this one, which knows a way to those addresses."""
    commands = f"""ip netns add {NAME}
        ip link add {NAME} type veth peer name {NAME}1 netns {NAME}
        ip addr add {HERE}/30 dev {NAME}
        ip link set {NAME} up
        ip -n {NAME} addr add {THERE}/30 dev {NAME}1
        ip -n {NAME} link set {NAME}1 up
        ip -n {NAME} route add {network} via {HERE}"""
    try:
        for command in commands.splitlines():
            subprocess.run(command.split(), check=True)
        yield
    finally:
        subprocess.run(["ip", "link", "delete", NAME], check=False)
        subprocess.run(["ip", "netns", "delete", NAME], check=False)


def neighbour_reaches(address: str, port: int) -> bool:
    words = ["ip", "netns", "exec", NAME, sys.executable, "-c", CONNECT, address, str(port)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_a_neighbour_reaches_neither_metrics_nor_containers(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        web = kit.web_server(client, name="web")
        bridge = client.networks.get("bridge").attrs["IPAM"]["Config"][0]
        metrics = f"http://{bridge['Gateway']}:{METRICS_PORT}/metrics"
        later = client.networks.create("wbpriv-later")
        with neighbour(bridge["Subnet"]), urllib.request.urlopen(metrics, timeout=5) as answer:
            assert answer.status == 200
            assert can_fetch(client, "bridge", metrics)
            assert can_fetch(client, later.name, metrics)
            assert not neighbour_reaches(bridge["Gateway"], METRICS_PORT)
            assert not neighbour_reaches(address_of(web), 80)
