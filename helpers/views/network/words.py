"""The words of the map of networks."""

from __future__ import annotations

from helpers.model.network.attempt import Outcome, host_and_port
from helpers.model.network.destination import Destination
from helpers.model.network.lookup import Lookup, NameAnswer
from helpers.model.network.topology import Attachment, Network, Station, Topology

NOBODY = "nobody"
MOST_SHOWN = 60
MARKS = {
    Outcome.ANSWERED: "✓",
    Outcome.REFUSED: "✗",
    Outcome.TIMED_OUT: "…",
    Outcome.UNKNOWN: "?",
    Outcome.FAILED: "!",
}
KINDS = {
    "bridge": "the default bridge: addresses, and no names",
    "podman": "the default network: addresses, and no names",
    "host": "the machine's own network: no wall, no address of its own",
    "none": "no network: only 127.0.0.1",
}
WORDS = {
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "about": "A band is a network, a box on it a container; choose one to ask its resolver.",
    "keys": "Arrow keys go from box to box, Enter asks.",
    "empty": "nobody is on it",
    "asking": "{name} asks its resolver …",
    "elsewhere": "Names and addresses of no container here",
    "tried": "Tried from inside",
    "none": "No connection was tried yet: `reaches(a, b, port)` tries one.",
    "beside": "shares it: {names}",
    "also": "also on {networks}",
}


def title_of(now: Topology) -> str:
    """How much there is."""
    networks, stations = len(shown_networks(now)), len(now.stations)
    return f"{_count(networks, 'network')}, {_count(stations, 'container')}"


def kind_of(network: Network) -> str:
    """What kind of network it is, in words; without its addresses, which differ from run to run."""
    if network.is_predefined and network.name in KINDS:
        return KINDS[network.name]
    inner = ", internal: no way out" if network.is_internal else ""
    return f"{network.driver}{inner}"


def shown_networks(now: Topology) -> tuple[Network, ...]:
    """All but those of the engine's own on which nobody is."""
    return tuple(
        network
        for network in now.networks
        if not network.is_predefined or network.is_default or now.members(network.name)
    )


def station_words(station: Station) -> str:
    """Its name, and its state unless it runs."""
    return station.name if station.status == "running" else f"{station.name} ({station.status})"


def others_of(station: Station, attachment: Attachment) -> tuple[str, ...]:
    """The names that it has on a network beside its own."""
    return tuple(name for name in attachment.names if name != station.name)


def members_line(now: Topology, network: Network) -> str:
    """Who is on it, with other names, and who shares that."""
    return "; ".join(_member(now, each, network) for each in now.members(network.name)) or NOBODY


def _member(now: Topology, station: Station, network: Network) -> str:
    attachment = station.on(network.name)
    others = others_of(station, attachment) if attachment else ()
    also = f" = {', '.join(others)}" if others else ""
    guests = ", ".join(station_words(each) for each in now.guests(station))
    return f"{station_words(station)}{also}{f' + {guests}' if guests else ''}"


def label_of(goal: Destination) -> str:
    """The mark and the outcome, as they stand on a line."""
    outcome = goal.attempt.outcome
    return f"{MARKS[outcome]} {outcome}"


def goal_of(goal: Destination) -> str:
    """'desk:8000'."""
    return host_and_port(goal.attempt.target, goal.attempt.port)


def answer_words(answer: NameAnswer) -> str:
    """The addresses, or why there are none."""
    return ", ".join(answer.addresses) or answer.words


def lookup_line(lookup: Lookup) -> str:
    """Who was asked, and whether that knows containers."""
    if lookup.trouble:
        return lookup.trouble
    if lookup.is_engines:
        more = f" ({_count(lookup.left_out, 'more name')} not)" if lookup.left_out else ""
        return f"{lookup.source} asked {lookup.server}, the engine's own resolver{more}:"
    if lookup.server:
        return (
            f"The resolver of {lookup.source} is {lookup.server}, which knows no container: the "
            "engine's own answers on networks of one's own."
        )
    return f"{lookup.source} has no resolver."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
