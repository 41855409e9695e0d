"""What is wrong with a network, by the words of engines and of busybox's wget."""

from __future__ import annotations

import pytest

from helpers.model.features.network_probe import (
    NetworkFault,
    fault_in_refusal,
    fault_in_request,
)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (
            "driver failed programming external connectivity on endpoint web (9f2c): (iptables "
            "failed: iptables --wait -t nat -A DOCKER -p tcp -d 127.0.0.1 --dport 4000 -j DNAT: "
            "iptables: No chain/target/match by that name.\n (exit status 1))",
            NetworkFault.RULES_GONE,
        ),
        (
            "failed to create NAT chain DOCKER: iptables not found",
            NetworkFault.RULES_NOT_WRITTEN,
        ),
        (
            "netavark: unable to execute nft: No such file or directory (os error 2)",
            NetworkFault.RULES_NOT_WRITTEN,
        ),
        (
            "could not find an available, non-overlapping IPv4 address pool among the defaults to "
            "assign to the network",
            NetworkFault.NO_ADDRESSES_LEFT,
        ),
        (
            "all predefined address pools have been fully subsumed",
            NetworkFault.NO_ADDRESSES_LEFT,
        ),
        ("network bridge not found", NetworkFault.NO_DEFAULT_NETWORK),
        ("permission denied", NetworkFault.REFUSED_OTHERWISE),
    ],
)
def test_an_engines_refusal(answer: str, fault: NetworkFault) -> None:
    assert fault_in_refusal(answer) is fault


@pytest.mark.parametrize(
    ("exit_code", "output", "fault"),
    [
        (0, "hello from a container", None),
        (1, "wget: bad address 'web'", NetworkFault.NAME_UNKNOWN),
        (1, "wget: can't connect to remote host (10.0.0.2): No route to host", NetworkFault.NO_WAY),
        (1, "wget: download timed out", NetworkFault.NO_WAY),
        # wget bounds the connection, not the look-up, which `timeout` ended then.
        (143, "", NetworkFault.NAME_UNKNOWN),
        (1, "Terminated\nTerminated", NetworkFault.NAME_UNKNOWN),
        (137, "", NetworkFault.NO_WAY),
        (1, "", NetworkFault.NO_WAY),
        # A server that speaks TLS answers a plain request so: the connection was there.
        (1, "wget: server returned error: HTTP/1.1 400 Bad Request", None),
        (1, "wget: error getting response: Connection reset by peer", None),
    ],
)
def test_what_wget_says(exit_code: int, output: str, fault: NetworkFault | None) -> None:
    assert fault_in_request(exit_code, output) is fault
