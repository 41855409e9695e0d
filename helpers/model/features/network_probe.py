"""What came of a container's way to another one, to this machine, or to the world."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from enum import Enum, auto


class NetworkFault(Enum):
    """What is wrong; it decides what there is to do."""

    RULES_NOT_WRITTEN = auto()  # there is no iptables or nftables that the engine could run
    RULES_GONE = auto()  # somebody emptied the engine's chains
    NO_ADDRESSES_LEFT = auto()
    NO_DEFAULT_NETWORK = auto()
    NAME_UNKNOWN = auto()
    NO_WAY = auto()  # the name is known, and nothing answers
    REFUSED_OTHERWISE = auto()


@dataclass(frozen=True)
class NetworkProbe:
    """One attempt: what was wrong (None: nothing), the words that tell it, and how long it took.

    `words` are the engine's or wget's, '' where all went well.
    """

    fault: NetworkFault | None
    words: str
    seconds: float


# The first that fits counts. Sources: moby's libnetwork (iptables, ipams/defaultipam, network
# allocation), Podman's netavark.
_REFUSALS = (
    (r"no chain/target/match|chain '?\S+'? does not exist", NetworkFault.RULES_GONE),
    (r"ip6?tables|nftables|\bnft\b|xtables", NetworkFault.RULES_NOT_WRITTEN),
    (
        r"non-overlapping|fully subsumed|no available ipv4|could not find free subnet",
        NetworkFault.NO_ADDRESSES_LEFT,
    ),
    (r"network (bridge|default) not found", NetworkFault.NO_DEFAULT_NETWORK),
)
# What busybox's wget writes where it got no connection; after one it speaks of the server's answer.
# It bounds the connection itself: what had to be ended from outside was still looking up the name.
_NAME_UNKNOWN = re.compile(r"bad address|unable to resolve|terminated", re.IGNORECASE)
_NO_WAY = re.compile(r"can't connect|timed out|unreachable", re.IGNORECASE)
_ENDED = 128 + signal.SIGTERM


def fault_in_refusal(answer: str) -> NetworkFault:
    """What an engine's refusal to make a network, or to start a container on it, comes from."""
    faults = (fault for words, fault in _REFUSALS if re.search(words, answer, re.IGNORECASE))
    return next(faults, NetworkFault.REFUSED_OTHERWISE)


def fault_in_request(exit_code: int, output: str) -> NetworkFault | None:
    """What kept busybox's wget from a connection; None where it had one, whatever was answered."""
    if exit_code == 0:
        return None
    if _NAME_UNKNOWN.search(output) or exit_code == _ENDED:
        return NetworkFault.NAME_UNKNOWN
    is_silent = not output.strip() or exit_code > _ENDED
    return NetworkFault.NO_WAY if is_silent or _NO_WAY.search(output) else None
