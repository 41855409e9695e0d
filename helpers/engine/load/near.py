"""The addresses that may be asked: this machine's, and those of the learner's engine."""

from __future__ import annotations

import socket
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil

from helpers.engine.base.answers import translated
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.needed_parts import needed_rows
from helpers.errors import InvalidInput
from helpers.model.load.target import Target, is_allowed
from helpers.model.text.answer_parts import part_of, text_in

if TYPE_CHECKING:
    from docker import DockerClient

Network = IPv4Network | IPv6Network


def own_addresses() -> frozenset[str]:
    """Those of this machine's interfaces."""
    return frozenset(address for address, _ in _interfaces())


def engine_addresses(client: DockerClient, endpoint: Endpoint) -> frozenset[str]:
    """Those of the engine's machine; where that is this one, its containers' own.

    A container's counts where an interface of this machine is on its network: what runs in a VM
    has addresses that mean something else here, or nobody. Raises EngineGone.
    """
    if not endpoint.is_local:
        return frozenset(addresses_of(urlsplit(endpoint.host).hostname or ""))
    with translated("docker ps"):
        listed = needed_rows(client.api.containers(), "docker ps")
    networks = (
        network
        for each in listed
        for network in part_of(each, "NetworkSettings", "Networks").values()
        if isinstance(network, dict)
    )
    keys = ("IPAddress", "GlobalIPv6Address")
    every = {text_in(network, key) for network in networks for key in keys}
    attached = _attached()
    return frozenset(each for each in every if _is_in(each, attached))


def addresses_of(host: str) -> list[str]:
    """What the name stands for here; nothing where nobody knows it."""
    try:
        rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))


def check_target(target: Target, allowed: frozenset[str]) -> None:
    """Raises InvalidInput for a target that is elsewhere; a name of nobody may become known."""
    foreign = [each for each in addresses_of(target.host) if not is_allowed(each, allowed)]
    if foreign:
        shown = target.host if target.host in foreign else f"{target.host} ({foreign[0]})"
        raise InvalidInput(
            f"{shown} is neither this machine nor your engine, and nobody else is sent requests.",
            "Publish the port with `-p`, and ask 127.0.0.1.",
        )


def _interfaces() -> list[tuple[str, str]]:
    """The addresses of this machine, each with the mask of its network."""
    rows = [row for each in psutil.net_if_addrs().values() for row in each]
    kinds = (socket.AF_INET, socket.AF_INET6)
    return [
        (row.address.partition("%")[0], row.netmask or "") for row in rows if row.family in kinds
    ]


def _attached() -> list[Network]:
    """The networks that this machine is on itself."""
    return [
        ip_network(f"{address}/{int(ip_address(mask)).bit_count()}", strict=False)
        for address, mask in _interfaces()
        if mask
    ]


def _is_in(address: str, networks: list[Network]) -> bool:
    try:
        meant = ip_address(address)
    except ValueError:
        return False
    return any(meant in network for network in networks)
