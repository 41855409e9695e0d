"""A connection that was tried from inside a container, and what came of it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

from helpers.errors import InvalidInput
from helpers.model.image.tool_image import TOOL_IMAGE
from helpers.model.text.command_line import docker_line
from helpers.outside import visible_line, visible_repr

SECONDS = 3
IN_IT = "in the container"
BESIDE_IT = "in a sibling with --network container"
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?")
_MOST_PORTS = 65_535


class Outcome(StrEnum):
    """How a connection ended that was tried."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    UNKNOWN = "unknown name"
    FAILED = "failed"


@dataclass(frozen=True, repr=False)
class Attempt:
    """One connection that was tried: from the container `source` to `target`, a name or an address.

    `address` is what the name stood for, empty where nobody knew or it was not said. `status` is
    the first line of an answer in HTTP, `first_line` that of its body. `words` are the kernel's, or
    the resolver's. `where` says which process tried, `line` is the command to type for the same.
    """

    source: str
    target: str
    port: int
    outcome: Outcome
    words: str = ""
    status: str = ""
    first_line: str = ""
    address: str = ""
    where: str = IN_IT
    line: str = ""
    source_id: str = ""

    def __bool__(self) -> bool:
        """Whether it was answered."""
        return self.outcome is Outcome.ANSWERED

    @property
    def route(self) -> str:
        """'street → desk:8000'."""
        return f"{self.source} → {host_and_port(self.target, self.port)}"

    @property
    def details(self) -> str:
        """What came of it beside the outcome, without addresses, so that each run says the same."""
        parts = (self.status, self.first_line) if self else (self.words,)
        return ", ".join(part for part in parts if part)

    @property
    def meaning(self) -> str:
        """The outcome with its details, on one line."""
        return f"{self.outcome}: {self.details}" if self.details else str(self.outcome)

    @visible_repr
    def __repr__(self) -> str:
        return f"{visible_line(f'{self.route}  {self.meaning}')}\n$ {self.line}"


def host_and_port(host: str, port: int) -> str:
    """'desk:8000', '[fd00::2]:8000'."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def url_of(target: str, port: int) -> str:
    """What wget is given."""
    return f"http://{host_and_port(target, port)}/"


def exec_line(source: str, target: str, port: int) -> str:
    """The command that tries it in the container."""
    return docker_line("exec", source, "wget", "-T", SECONDS, "-qO-", url_of(target, port))


def beside_line(source: str, target: str, port: int) -> str:
    """The command that tries it from the container's network, where it has no wget."""
    beside = ("run", "--rm", "--network", f"container:{source}", TOOL_IMAGE)
    return docker_line(*beside, "wget", "-T", SECONDS, "-qO-", url_of(target, port))


def checked_target(target: object) -> str:
    """The name or address itself; raises InvalidInput for what can be neither."""
    if isinstance(target, str):
        if _NAME.fullmatch(target) or _is_address(target):
            return target
        if re.search(r"://|/|:\d+$", target):
            raise InvalidInput(
                f"{target!r} is more than a name or an address.",
                'Give the port by itself, as in `reaches("street", "desk", 8000)`.',
            )
    raise InvalidInput(
        f"{target!r} is neither a name nor an address.",
        "Give a container's name, an alias or an address like 172.18.0.2.",
    )


def checked_port(port: object) -> int:
    """The port itself; raises InvalidInput for what can be none."""
    if isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= _MOST_PORTS:
        return port
    raise InvalidInput(
        f"{port!r} is no port.", f"Give the container's own, a number from 1 to {_MOST_PORTS}."
    )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
