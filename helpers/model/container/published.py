"""Where a published port is reached from this machine, wherever its engine is."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

_EVERY_FOUR, _EVERY_SIX = ("", "0.0.0.0"), ("::",)
_HERE_FOUR, _HERE_SIX = "127.0.0.1", "::1"


def is_loopback(machine: str) -> bool:
    """Whether that host is this machine and no other."""
    if machine == "localhost":
        return True
    try:
        return ip_address(machine).is_loopback
    except ValueError:
        return False


def reached_at(bound: Sequence[tuple[str, int]], machine: str) -> str | None:
    """'address:port' of the first of those that leads there; None where none does.

    `bound` is what `docker port` tells, `machine` the host at which the engine's is reached. Of
    several, IPv4 comes first, but where the machine itself is an IPv6 address.
    """
    six_first = ":" in machine and not is_loopback(machine)
    ordered = sorted(bound, key=lambda one: (":" in one[0]) != six_first)
    for address, port in ordered:
        host = _host(address, machine)
        if host:
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return None


def _host(address: str, machine: str) -> str:
    is_here = is_loopback(machine)
    if address in _EVERY_FOUR:
        return _HERE_FOUR if is_here else machine
    if address in _EVERY_SIX:
        return _HERE_SIX if is_here else machine
    return address if is_here or not is_loopback(address) else ""
