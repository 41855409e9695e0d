"""The network of a private engine: its address range, its bridge device, its leftovers.

An engine gets one /16 that overlaps no route of the machine. The first /24 is the default
bridge's, the upper half is shared out as /24s to the networks that learners make.
"""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from pathlib import Path
from typing import Any

from helpers.engine.private.network_records import database_of
from helpers.engine.private.network_tools import run
from helpers.errors import SetupFailed

_POOL_PREFIX = 24
# Private ranges first that home routers, companies and Docker itself seldom use; the last two
# are the benchmark range of RFC 2544, for machines whose VPN claims all private ones.
_CANDIDATES = (
    *(IPv4Network(f"10.{second}.0.0/16") for second in range(201, 250)),
    *(IPv4Network(f"172.{second}.0.0/16") for second in (31, 30, 29)),
    IPv4Network("198.18.0.0/16"),
    IPv4Network("198.19.0.0/16"),
)


@dataclass(frozen=True)
class AddressRange:
    """The addresses of one private engine, a /16."""

    whole: IPv4Network

    @property
    def bridge(self) -> IPv4Network:
        """The default bridge's network."""
        return next(self.whole.subnets(new_prefix=_POOL_PREFIX))

    @property
    def gateway(self) -> str:
        """The bridge device's own address."""
        return str(self.bridge[1])

    @property
    def gateway_hardware(self) -> str:
        """The bridge device's hardware address: locally administered, made of its own address."""
        return "02:42:" + self.bridge[1].packed.hex(":")

    @property
    def pool(self) -> IPv4Network:
        """What the engine shares out to networks that are made later, in /24s."""
        return list(self.whole.subnets(prefixlen_diff=1))[1]

    @property
    def pool_prefix(self) -> int:
        """The prefix length of each network out of the pool."""
        return _POOL_PREFIX

    @property
    def networks(self) -> list[IPv4Network]:
        """Every network that the engine can have by itself."""
        return [self.bridge, *self.pool.subnets(new_prefix=_POOL_PREFIX)]


def choose_range(name: str, taken: list[IPv4Network], last: str | None = None) -> AddressRange:
    """A range that overlaps none of `taken`: the last one used if it is free, else by the name.

    The last one comes first because the networks of an engine keep their addresses.
    """
    start = zlib.crc32(name.encode()) % len(_CANDIDATES)
    ordered = [*_CANDIDATES[start:], *_CANDIDATES[:start]]
    if last:
        ordered.insert(0, IPv4Network(last))
    for candidate in ordered:
        if not any(candidate.overlaps(other) for other in taken):
            return AddressRange(candidate)
    raise SetupFailed(
        "Every private address range is in use on this machine, so the engine can have no network.",
        "Leave the VPN while you work here, or use an engine of your own (DOCKER_HOST).",
    )


def taken_networks() -> list[IPv4Network]:
    """The networks that the machine routes somewhere, the default route (and its halves) apart."""
    networks = []
    for route in json.loads(run("ip", "-j", "-4", "route", "show", "table", "all") or "[]"):
        text = str(route.get("dst", "default"))
        network = IPv4Network("0.0.0.0/0") if text == "default" else ip_network(text, strict=False)
        if isinstance(network, IPv4Network) and network.prefixlen > 1:
            networks.append(network)
    return networks


def bridge_name(name: str) -> str:
    """The bridge device's name for an engine's name: at most 15 bytes, as the kernel wants."""
    if name == "workbook":
        return "workbook0"
    plain = f"wb-{name}"
    return plain if len(plain) <= 15 else f"wb-{zlib.crc32(name.encode()):08x}"


def create_bridge(device: str, addresses: AddressRange) -> None:
    """The bridge device stands, with its addresses, and is up.

    Its hardware address is set, as dockerd does for its own: else the kernel gives it the lowest
    one of its ports, a new one as containers come and go, and what is under way between others
    and the world stands still until they ask for their gateway's anew.
    """
    run("ip", "link", "add", device, "address", addresses.gateway_hardware, "type", "bridge")
    run("ip", "addr", "add", f"{addresses.gateway}/{_POOL_PREFIX}", "dev", device)
    run("ip", "link", "set", device, "up")


def links() -> list[dict[str, Any]]:
    """The network devices of the machine, as `ip -j -d link` tells them."""
    devices: list[dict[str, Any]] = json.loads(run("ip", "-j", "-d", "link", "show") or "[]")
    return devices


def link_names() -> set[str]:
    """The names of the machine's network devices.

    Asked of the kernel, not of /sys, which may show another network namespace.
    """
    return {name for _, name in socket.if_nameindex()}


def bridges() -> set[str]:
    """The names of the machine's bridge devices, whosoever they are."""
    return {
        str(link["ifname"])
        for link in links()
        if link.get("linkinfo", {}).get("info_kind") == "bridge"
    }


def own_links(device: str, data_root: Path, before: Collection[str]) -> list[str]:
    """The engine's devices: its bridge, those its network database names, what hangs on them.

    A device that was there before the engine, or that its database does not name, is not its own.
    """
    database = database_of(data_root)
    content = database.read_bytes() if database.is_file() else b""
    there = links()
    own = [
        str(link["ifname"])
        for link in there
        if link["ifname"] == device
        or (link["ifname"] not in before and f'"{link["ifname"]}"'.encode() in content)
    ]
    hanging = [str(link["ifname"]) for link in there if link.get("master") in own]
    return [*(name for name in hanging if name not in own), *own]


def delete_links(names: Collection[str]) -> None:
    """The devices are gone; one that vanished by itself (a veth with its peer) is fine."""
    for name in names:
        if name in link_names():
            try:
                run("ip", "link", "delete", name)
            except SetupFailed:
                if name in link_names():
                    raise


def smaller_mtu() -> int | None:
    """The MTU of the way out where it is smaller than Ethernet's 1,500 bytes, else None.

    A container's packets that are larger than the way out vanish without a word.
    """
    routes = json.loads(run("ip", "-j", "-4", "route", "show", "default") or "[]")
    ways_out = {route.get("dev") for route in routes}
    sizes = [int(link["mtu"]) for link in links() if link["ifname"] in ways_out]
    return min(sizes) if sizes and min(sizes) < 1500 else None
