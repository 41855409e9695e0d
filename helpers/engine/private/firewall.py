"""The packet filter rules of a private engine, in chains of its own.

The engine itself runs with its iptables option off, on purpose: a dockerd that starts empties
the chains named DOCKER that every dockerd on the machine shares, and with them the published
ports of an engine that was there first. So the workbook writes what its engine needs: the way
out, the way back, walls between networks, and a gate before all of them: an address of the engine
counts on the engine's own devices alone. Published ports go through docker-proxy.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection
from itertools import pairwise

from helpers.engine.private.bridge import AddressRange
from helpers.engine.private.network_tools import run

TABLES = ("filter", "nat")
# dockerd's names for the bridges of networks that are made later, and Swarm's.
_LATER_BRIDGES = ("br-+", "docker_gw+")
Chains = dict[str, dict[str, str]]  # table -> chain -> policy, "-" for one that is not built in


def open_ways(
    chain: str, bridge: str, addresses: AddressRange, other_bridges: Collection[str]
) -> None:
    """The engine's networks reach the world, answers come back, and nothing else passes.

    What goes to another engine's bridge is left to that engine's own rules (RETURN). Packets
    inside one network pass here only where the machine filters bridged traffic
    (bridge-nf-call-iptables); hence one ACCEPT for each network before the wall.
    """
    close_ways(chain)
    whole = addresses.whole
    inside = [f"-A {chain} -s {net} -d {net} -j ACCEPT" for net in addresses.networks]
    others = [f"-A {chain} -s {whole} -o {name} -j RETURN" for name in sorted(other_bridges)]
    rules = [
        "*filter",
        f":{chain} - [0:0]",
        f":{_gate_of(chain)} - [0:0]",
        f"-I FORWARD -j {chain}",
        f"-I INPUT -j {_gate_of(chain)}",
        *_gate(_gate_of(chain), bridge, addresses, other_bridges),
        f"-A {chain} -j {_gate_of(chain)}",
        f"-A {chain} ! -s {whole} ! -d {whole} -j RETURN",
        *inside,
        f"-A {chain} -s {whole} -d {whole} -j DROP",
        *others,
        f"-A {chain} -s {whole} -j ACCEPT",
        f"-A {chain} -d {whole} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        f"-A {chain} -d {whole} -j DROP",
        "COMMIT",
        "*nat",
        f":{chain} - [0:0]",
        f"-I POSTROUTING -j {chain}",
        f"-A {chain} -s {whole} ! -d {whole} -j MASQUERADE",
        "COMMIT",
        "",
    ]
    run("iptables-restore", "--noflush", "-w", "10", stdin="\n".join(rules))


def close_ways(chain: str) -> None:
    """Nothing of the chain is left, nor any rule that leads to it."""
    for table in TABLES:
        present = _chains_of(table)
        for name in (chain, _gate_of(chain)):
            if name in present:
                delete_chain(table, name)


def chains() -> Chains:
    """The chains that exist, with their policies, read as `iptables-save` prints them."""
    return {table: _chains_of(table) for table in TABLES}


def delete_chain(table: str, chain: str) -> None:
    """The chain is gone, and the rules that jump to it."""
    _delete_rules(table, lambda words: words[-2:] == ["-j", chain])
    run("iptables", "-w", "10", "-t", table, "-F", chain)
    run("iptables", "-w", "10", "-t", table, "-X", chain)


def delete_rules_naming(devices: Collection[str]) -> None:
    """No rule is left for one of these network devices (Swarm writes some by itself)."""
    for table in TABLES:
        _delete_rules(
            table,
            lambda words: any(
                word in ("-i", "-o") and name in devices for word, name in pairwise(words)
            ),
        )


def _gate_of(chain: str) -> str:
    """The name of the chain that stands before the engine's other rules (28 characters at most)."""
    return f"{chain}-in"


def _gate(
    gate: str, bridge: str, addresses: AddressRange, other_bridges: Collection[str]
) -> list[str]:
    """What comes from or goes to the engine's range ends here, unless it comes over its devices.

    So a neighbour that knows a way to this machine reaches neither containers nor the engine's
    metrics, and no packet passes for one of a container's. Answers from outside have an address
    of the range only after their translation back, and belong to a connection by then.
    """
    whole = addresses.whole
    own = (bridge, *_LATER_BRIDGES)
    return [
        f"-A {gate} ! -s {whole} ! -d {whole} -j RETURN",
        f"-A {gate} -i lo -j RETURN",
        f"-A {gate} ! -s {whole} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
        *(f"-A {gate} -i {name} -j DROP" for name in sorted(other_bridges)),
        *(f"-A {gate} -i {name} -j RETURN" for name in own),
        f"-A {gate} -j DROP",
    ]


def _chains_of(table: str) -> dict[str, str]:
    """The table's chains with their policies."""
    declared = [line[1:].split() for line in _saved(table) if line.startswith(":")]
    return {name: policy for name, policy, *_ in declared}


def _saved(table: str) -> list[str]:
    """The table as `iptables-save` prints it; no line where it does not exist.

    All tables are asked for and one is picked, because to ask for one by name would make it.
    """
    lines = run("iptables-save").splitlines()
    if f"*{table}" not in lines:
        return []
    start = lines.index(f"*{table}")
    return lines[start : lines.index("COMMIT", start)]


def _delete_rules(table: str, unwanted: Callable[[list[str]], bool]) -> None:
    """No rule is left of which `unwanted` says so, given its words as `iptables-save` has them."""
    for line in _saved(table):
        words = shlex.split(line) if line.startswith("-A ") else []
        if words and unwanted(words):
            run("iptables", "-w", "10", "-t", table, "-D", *words[1:])
