"""A private engine's own record of its default network, put out of the way before each start.

dockerd (20.10 to 29) that finds its default network recorded and has address pools of its own
deletes the device docker0, even where its own bridge has another name: `initNetworkController`
in moby's daemon/daemon_unix.go. docker0 belongs to the other engine on the machine, if there is
one, and its containers would lose their network. A record that is marked as being deleted is
dropped by libnetwork itself before that code looks for it, so the mark is set here, in place and
without a change of length, in the database of a dockerd that does not run.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Network, ip_interface
from pathlib import Path

from helpers.errors import SetupFailed

_NAME = b'"name":"bridge","networkType":"bridge"'
_KEPT = re.compile(rb'"inDelete":false((?:(?!"inDelete":).){0,8000}?' + _NAME + b")", re.DOTALL)
_MARKED = re.compile(rb'"inDelete":true (?:(?!"inDelete":).){0,8000}?' + _NAME, re.DOTALL)


def database_of(data_root: Path) -> Path:
    """The file in which libnetwork keeps an engine's networks."""
    return data_root / "network" / "files" / "local-kv.db"


def forget_default_network(data_root: Path) -> None:
    """dockerd will start as if it had no default network yet, and make it anew.

    Raises SetupFailed where the record is of an unknown form while another engine's docker0 is
    there to lose.
    """
    database = database_of(data_root)
    if not database.is_file():
        return
    marked = mark_as_deleted(database.read_bytes())
    if marked is not None:
        with database.open("r+b") as file:
            file.write(marked)
    elif "docker0" in {name for _, name in socket.if_nameindex()}:
        raise SetupFailed(
            "The private engine's network records are of an unknown kind, and to start it now "
            "could take away docker0 from the other engine on this machine.",
            f"Stop the other engine first, or delete {database} (the engine's own networks).",
        )


def forget_networks(data_root: Path) -> None:
    """dockerd will start with no network of its own: those that it has are of another range.

    Somebody else on this machine has that range now, or else the engine would have it again. To
    make them there would cut off either; and the default one's address would come back, before
    dockerd listens at the new one.
    """
    database_of(data_root).unlink(missing_ok=True)


def are_of_another_range(data_root: Path, device: str, whole: IPv4Network) -> bool:
    """Whether the engine's records give that bridge an address outside the range."""
    database = database_of(data_root)
    return database.is_file() and is_bridge_elsewhere(database.read_bytes(), device, whole)


def is_bridge_elsewhere(content: bytes, device: str, whole: IPv4Network) -> bool:
    """Whether the bridge driver's record of that device has an address outside the range.

    Older copies of the record may stand in free pages of the database, where nothing tells them
    from the one that counts. So a single address within the range is enough for False: networks
    are forgotten only where all that is known of the bridge is foreign.
    """
    record = rb'"AddressIPv4":"([\d./]+)"[^{}]*"BridgeName":"' + re.escape(device.encode()) + b'"'
    addresses = {match.decode() for match in re.findall(record, content)}
    return bool(addresses) and not any(_is_within(address, whole) for address in addresses)


def _is_within(address: str, whole: IPv4Network) -> bool:
    try:
        return ip_interface(address).ip in whole
    except ValueError:  # of no form that is known, so no reason to forget anything
        return True


def mark_as_deleted(content: bytes) -> bytes | None:
    """The database with the default network's record marked; None where it is not understood."""
    marked = _KEPT.sub(rb'"inDelete":true \1', content)
    if len(_MARKED.findall(marked)) != marked.count(b'"name":"bridge"'):
        return None
    return marked
