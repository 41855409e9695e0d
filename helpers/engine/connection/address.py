"""An engine's address, read as the docker command reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_SOCKET, DEFAULT_PIPE = "unix:///var/run/docker.sock", "npipe:////./pipe/docker_engine"
_PLAIN_PORT, _TLS_PORT = 2375, 2376
_NETWORK = re.compile(
    r"(?:(?P<user>[^@/:]+)@)?(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^@/:?#\[\]]*))"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>/[^?#]*)?"
)


@dataclass(frozen=True)
class Address:
    """An address in its parts: for unix and npipe a path alone; port 0 where ssh chooses it."""

    scheme: str
    machine: str = ""
    port: int = 0
    user: str = ""
    path: str = ""


def full_host(host: str, is_tls: bool, default: str) -> str:
    """What stands in DOCKER_HOST or in a context, with all that it leaves out put in.

    As opts.ParseHost of the docker command: 'far' is tcp://far:2375, with TLS port 2376.
    """
    text = host.strip()
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "tcp", text
    if scheme in ("unix", "npipe") and not rest:
        return default
    if scheme != "tcp":
        return f"{scheme}://{rest}"
    authority, slash, path = rest.partition("/")
    if authority.startswith(":") or not authority:
        authority = f"localhost{authority}"
    if not re.search(r":[0-9]+$", authority) or authority.endswith("]"):
        authority = f"{authority}:{_TLS_PORT if is_tls else _PLAIN_PORT}"
    return f"tcp://{authority}{slash}{path}"


def read_address(host: str) -> Address:
    """The parts of a full address; raises ValueError for one that no engine can have.

    A password has no authority in one, as the docker command has it.
    """
    scheme, _, rest = host.partition("://")
    if scheme in ("unix", "npipe"):
        return Address(scheme, path=rest)
    match = _NETWORK.fullmatch(rest)
    if match is None or scheme not in ("tcp", "ssh"):
        raise ValueError(host)
    machine, path = match["six"] or match["name"], (match["path"] or "").rstrip("/")
    port = int(match["port"] or 0)
    is_wrong = (path or match["user"] or not port) if scheme == "tcp" else False
    if not machine or port > 65535 or is_wrong:
        raise ValueError(host)
    return Address(scheme, machine, port, match["user"] or "", path)
