"""What a machine's network was like before the first private engine, and its return.

One note for all private engines of the machine: the first that comes writes it, the last that
goes puts things back. Where another engine runs by then, forwarding and the filters stay as
they are, because that engine relies on them and may have made them its own. What does stay are
built-in tables with no rule in them, which the kernel makes for whoever so much as looks.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers.engine.private import firewall
from helpers.engine.private.firewall import Chains
from helpers.engine.private.leases import exclusive
from helpers.engine.private.network_tools import run
from helpers.engine.private.processes import strangers

_NOTE = Path("/run/docker-workbook.network.json")
MACHINE_LOCK = Path("/run/docker-workbook.network.lock")
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


@dataclass
class Baseline:
    """Forwarding ("0" or "1") and the chains as they were, and the run folders that use it."""

    forwarding: str
    chains: Chains
    users: list[str] = field(default_factory=list)


def enter(user: Path) -> None:
    """The machine forwards packets, and what it was like before is written down.

    Call it with MACHINE_LOCK held. Where forwarding was off, everything that no rule allows is
    dropped from now on, as Docker does: the machine must not become a router by our doing.
    """
    note = _read() or Baseline(_FORWARDING.read_text().strip(), firewall.chains())
    note.users = [*(known for known in note.users if known != str(user)), str(user)]
    _write(note)
    if _FORWARDING.read_text().strip() == "0":
        run("iptables", "-w", "10", "-P", "FORWARD", "DROP")
        _FORWARDING.write_text("1")


def leave(user: Path) -> None:
    """The user is struck off; after the last one the machine is as it was before the first."""
    with exclusive(MACHINE_LOCK):
        note = _read()
        if note is None:
            return
        note.users = [known for known in note.users if known != str(user) and Path(known).is_dir()]
        if note.users:
            _write(note)
            return
        if not strangers("dockerd"):
            _restore(note)
        _NOTE.unlink()


def _restore(note: Baseline) -> None:
    """Forwarding, the policy of FORWARD and the chains of Docker are those of the note."""
    now = firewall.chains()
    for table, present in now.items():
        before = note.chains.get(table, {})
        for chain in [name for name in present if name not in before]:
            if chain.startswith("DOCKER"):
                firewall.delete_chain(table, chain)
    if note.forwarding == "0":
        _FORWARDING.write_text("0")
        run(
            "iptables",
            "-w",
            "10",
            "-P",
            "FORWARD",
            note.chains.get("filter", {}).get("FORWARD", "ACCEPT"),
        )


def _read() -> Baseline | None:
    """The note, or None where no private engine has written one since the machine came up."""
    try:
        return Baseline(**json.loads(_NOTE.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _write(note: Baseline) -> None:
    """The note is on disk, whole: a reader never sees half of it."""
    draft = _NOTE.with_suffix(".new")
    draft.write_text(json.dumps(asdict(note)))
    draft.replace(_NOTE)
