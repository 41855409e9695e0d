"""Ports as they are published: on which address and port of the engine's machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address

from helpers.errors import InvalidInput

Host = int | str | tuple[str, int] | None
Ports = Mapping[int | str, Host]
_LAST_PORT = 65_535
_INSIDE = re.compile(r"([0-9]{1,5})(/(tcp|udp|sctp))?", re.IGNORECASE)
_LIKE = "Write {port in the container: port of this machine}: ports={80: 4000}."


def checked_ports(ports: object) -> Ports | None:
    """The table of ports; raises InvalidInput for what no engine would take."""
    if ports is None:
        return None
    if not isinstance(ports, Mapping):
        raise InvalidInput(f"ports={ports!r} is no table of ports.", _LIKE)
    bindings_of(ports)
    return ports


def bindings_of(ports: Ports | None) -> dict[str, tuple[str, int | None]]:
    """{'80/tcp': (address, port or None for any)}, address '' for every one."""
    bindings: dict[str, tuple[str, int | None]] = {}
    for inside, host in (ports or {}).items():
        key = _inside(inside)
        if key in bindings:
            raise InvalidInput(f"ports: {key} stands there twice.", "Name each port once.")
        bindings[key] = _binding(host)
    return bindings


def published_words(ports: Ports | None) -> list[str]:
    """What stands behind `-p` for each: '127.0.0.1:4000:80'."""
    return [_published(inside, host) for inside, host in (ports or {}).items()]


def _inside(inside: object) -> str:
    match = None if isinstance(inside, bool) else _INSIDE.fullmatch(str(inside))
    if match is None or not 0 < int(match[1]) <= _LAST_PORT:
        raise InvalidInput(f"{inside!r} is no port of the container.", "Write ports={80: 4000}.")
    return f"{int(match[1])}/{(match[3] or 'tcp').lower()}"


def _binding(host: Host) -> tuple[str, int | None]:
    address, port = _split(host)
    is_number = port.isascii() and port.isdecimal() and len(port) < 6
    if not is_number or int(port) > _LAST_PORT:
        raise InvalidInput(f"{host!r} is no port of this machine.", "Write ports={80: 4000}.")
    return _address(address), int(port) or None


def _split(host: Host) -> tuple[str, str]:
    if isinstance(host, tuple):
        if len(host) != 2:
            raise InvalidInput(f"{host!r} is no address and port.", 'Write ("127.0.0.1", 4000).')
        return str(host[0]), str(host[1])
    address, _, port = str(0 if host in (None, "") else host).rpartition(":")
    if ":" in address and not address.startswith("["):
        raise InvalidInput(
            f"{host!r}: where the address ends is not to be told.",
            f"Write '[{address}]:{port}', an IPv6 address in brackets.",
        )
    return address, port


def _address(text: str) -> str:
    """The IP address; the API itself takes any other text, and publishes on every address."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        if "%" in bare:
            raise ValueError
        return str(ip_address(bare)) if bare else ""
    except ValueError:
        raise InvalidInput(
            f"{text!r} is no IP address, so no port can be published on it alone.",
            "Write ports={80: '127.0.0.1:4000'} for this machine alone.",
        ) from None


def _published(inside: int | str, host: Host) -> str:
    address, port = _binding(host)
    shown = f"[{address}]" if ":" in address else address
    outside = str(port) if port else ""
    return ":".join([*([shown] if shown else []), *([outside] if outside or shown else []),
                     str(inside)])  # fmt: skip
