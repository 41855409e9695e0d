"""What a node is made with, and what no number of nodes is."""

from __future__ import annotations

import shlex
from ipaddress import ip_address, ip_network

import pytest

from helpers.errors import InvalidInput
from helpers.model.node.node import (
    ADDED_CAPS,
    FIRST_PUBLISHED,
    MOST_NODES,
    address_in,
    checked_port,
    daemon_options,
    entrypoint,
    is_node_name,
    node_names,
)


def test_nodes_are_numbered_from_one() -> None:
    assert node_names(3) == ("node-1", "node-2", "node-3")
    assert is_node_name("node-7")
    assert not any(map(is_node_name, ("node-0", "node-8", "node-1a", "my-node-1", "")))


@pytest.mark.parametrize("count", [0, -1, MOST_NODES + 1, True, 2.0, "3", None])
def test_what_is_no_number_of_nodes_is_refused(count: object) -> None:
    with pytest.raises(InvalidInput, match="no number of nodes") as refused:
        node_names(count)  # type: ignore[arg-type]
    assert "nodes(3)" in refused.value.next_step


def test_a_port_leaves_room_for_all_nodes() -> None:
    assert checked_port(FIRST_PUBLISHED, 3) == FIRST_PUBLISHED
    assert checked_port(65_532, 3) == 65_532


@pytest.mark.parametrize("port", [80, 0, 65_533, 70_000, True, "4121", None])
def test_what_is_no_port_for_nodes_is_refused(port: object) -> None:
    with pytest.raises(InvalidInput, match="no port that nodes could publish"):
        checked_port(port, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("subnet", ["172.18.0.0/16", "10.201.128.0/24", "192.168.7.64/27"])
def test_addresses_are_the_last_of_the_subnet(subnet: str) -> None:
    addresses = [address_in(subnet, name) for name in node_names(MOST_NODES)]
    assert len(set(addresses)) == MOST_NODES
    assert {ip_address(address) for address in addresses} <= set(ip_network(subnet).hosts())


def test_the_daemon_listens_at_a_socket_alone() -> None:
    hosts = [word for word in daemon_options() if "host" in word]
    assert hosts == ["--host=unix:///var/run/docker.sock"]
    assert "--insecure-registry=registry:5000" in daemon_options()


def test_its_container_is_not_privileged() -> None:
    assert "ALL" not in ADDED_CAPS
    assert not {"SYS_MODULE", "SYS_RAWIO", "SYS_RESOURCE"} & set(ADDED_CAPS)


def test_the_beginning_of_a_node_is_a_shell_of_either_image() -> None:
    shell, option, script, zero = entrypoint()
    assert (shell, option, zero) == ("sh", "-c", "node")
    assert shlex.split(script.strip().splitlines()[-1]) == [
        *("exec", "dockerd-entrypoint.sh", "dockerd", "$@")
    ]
