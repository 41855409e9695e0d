"""What a server asks for when it answers 401: WWW-Authenticate, as the parts that it is made of.

Source: RFC 9110, section 11.6.1; several headers may stand as one, with commas between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.model.registry.header_reader import HeaderReader

# A scheme may have one long word in place of parameters, as Negotiate has.
_TOKEN68 = re.compile(r"[ \t]++[A-Za-z0-9._~+/-]++=*+(?=[ \t]*+(?:,|$))")


@dataclass(frozen=True)
class Challenge:
    """One way to be let in: its scheme and the names of its parameters in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def challenges(header: str) -> tuple[Challenge, ...]:
    """The challenges in the header's order; what follows no grammar, and all behind it, is none."""
    reader = HeaderReader(header)
    listed: list[tuple[str, dict[str, str]]] = []
    while not reader.is_at_end:
        reader.skip(" \t,")
        name = reader.token().lower()
        value = reader.value() if name else None
        if name and value is None:
            listed.append((name, {}))
            reader.take(_TOKEN68)
        elif value is not None and listed:
            listed[-1][1].setdefault(name, value)
        else:
            reader.give_up()
    return tuple(Challenge(scheme, parameters) for scheme, parameters in listed)


def bearer_challenge(header: str) -> Challenge | None:
    """The first Bearer challenge that names a token service, its realm; None without one."""
    asking = (one for one in challenges(header) if one.parameters.get("realm"))
    return next((one for one in asking if one.scheme == "bearer"), None)
