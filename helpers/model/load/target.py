"""Where requests go: a URL of plain HTTP, taken apart."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from helpers.errors import InvalidInput

_STEP = "Write it as http://127.0.0.1:8000/, with the port that is published."
_NAME = re.compile(r"[A-Za-z0-9_.:%-]{1,253}")
_SAFE = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True)
class Target:
    """One address; `path` is what is asked for there, with its query."""

    host: str
    port: int = 80
    path: str = "/"

    @property
    def authority(self) -> str:
        """'127.0.0.1:8000', as the header Host has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 80 else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """All of it as one text."""
        return f"http://{self.authority}{self.path}"


def target_of(url: object) -> Target:
    """The target that the URL names; raises InvalidInput for one that is none of plain HTTP."""
    text = str(url).strip()
    try:
        parts = urlsplit(text)
        port = 80 if parts.port is None else parts.port
    except ValueError as error:
        raise InvalidInput(f"{text!r} is no URL: {error}.", _STEP) from None
    if parts.scheme.lower() != "http":
        raise InvalidInput(
            f"{text!r} does not begin with http://, and nothing else is spoken.", _STEP
        )
    host = parts.hostname or ""
    if not _NAME.fullmatch(host) or "@" in parts.netloc or not port:
        raise InvalidInput(f"{text!r} names no host and port to ask.", _STEP)
    asked = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Target(host, port, quote(asked, safe=_SAFE))


def is_allowed(address: str, allowed: Collection[str]) -> bool:
    """Whether it is this machine's, or one of those."""
    meant = ip_address(address.partition("%")[0])
    meant = getattr(meant, "ipv4_mapped", None) or meant
    return meant.is_loopback or meant.is_unspecified or str(meant) in allowed
