"""The words of the view on two containers' walls."""

from __future__ import annotations

from helpers.model.isolation.caps import in_order, short
from helpers.model.isolation.mount_table import MountPoint, seen_at
from helpers.model.isolation.namespaces import KINDS, PARTS
from helpers.model.isolation.proc_parts import NO_NAMESPACE
from helpers.model.isolation.user_map import is_identity, outside_of
from helpers.model.isolation.walls import SideBySide, Walls

NA = "n/a"
SECCOMP = {0: "none", 1: "strict", 2: "a filter"}
MOST_MOUNTS = 12
WORDS = {
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "namespaces": "Namespaces: rings touch where they are the same to the kernel",
    "host": "host",
    "lamps": "Capabilities of its first process: choose one to try it",
    "on": "●",
    "kept": "◐",
    "off": "○",
    "na": "?",
    "lamp.on": "on",
    "lamp.kept": "off, and still within its bounds",
    "lamp.off": "off",
    "lamp.na": "not known",
    "allowed": "✓",
    "refused": "✗",
    "allowed to anyone": "✓",
    "unclear": "?",
    "not tried": "–",
    "try": "Tries it: {line}",
    "untried": "Not tried: {why}",
    "trying": "Trying {cap} in {name} …",
    "answer": "{cap} in {name}: {outcome}. {answer} {note}",
    "keys": "Arrow keys go from lamp to lamp, Enter tries one.",
    "tried_where": "It ran {where}.",
    "mounts": "What it sees mounted, but for the kernel's own",
    "read": "read {source}",
}


def title_of(now: SideBySide) -> str:
    """What the view is of."""
    return f"{now.a.name} and {now.b.name}, wall by wall"


def kinds_of(now: SideBySide) -> list[str]:
    """The kinds of namespaces that this kernel has."""
    return [
        kind
        for kind in KINDS
        if any(side.troubles.get(f"ns/{kind}") != NO_NAMESPACE for side in now.sides)
    ]


def namespace_words(now: SideBySide, side: int, kind: str) -> str:
    """Whose namespace it is: its own, the host's, that of both; or why that is not known."""
    if kind not in now.sides[side].namespaces:
        return f"{NA}: {now.sides[side].why_not(f'ns/{kind}')}"
    with_host, between = now.with_host(side, kind), now.between(kind)
    if with_host:
        return "the host's"
    if with_host is None:
        whose = "one for both" if between else "another than the other's"
        return f"{whose}; whether it is the host's: {NA}"
    return "the other container's, too" if between else "its own"


def namespace_line(now: SideBySide, kind: str) -> str:
    """The same of both in one sentence."""
    both = [f"{now.sides[side].name}: {namespace_words(now, side, kind)}" for side in (0, 1)]
    return f"{kind} ({PARTS[kind]}). {'; '.join(both)}"


def lamp_of(walls: Walls, cap: str) -> str:
    """on, off, kept (off, but not shut out for good), or na."""
    status = walls.status
    if status is None or status.effective is None:
        return "na"
    if cap in status.effective:
        return "on"
    return "kept" if status.bounding is not None and cap in status.bounding else "off"


def count_line(now: SideBySide, side: int) -> str:
    """How many capabilities it has, without their names."""
    status = now.sides[side].status
    if status is None or status.effective is None:
        return caps_line(now, side)
    return f"{len(status.effective)} of {len(now.caps)}"


def caps_line(now: SideBySide, side: int) -> str:
    """How many capabilities it has, and which."""
    walls = now.sides[side]
    effective = None if walls.status is None else walls.status.effective
    if effective is None:
        return f"{NA}: {walls.why_not('status')}"
    whole = len(now.caps)
    missing = in_order(frozenset(now.caps) - effective)
    if not effective:
        return f"0 of {whole}"
    if len(missing) < whole / 2:
        rest = f", all but {_listed(missing)}" if missing else ""
        return f"{len(effective)} of {whole}{rest}"
    return f"{len(effective)} of {whole}: {_listed(in_order(effective))}"


def seccomp_line(walls: Walls) -> str:
    """Which system calls are filtered at all."""
    mode = None if walls.status is None else walls.status.seccomp
    if walls.status is None:
        return f"{NA}: {walls.why_not('status')}"
    return f"{NA}: this kernel does not say" if mode is None else SECCOMP.get(mode, str(mode))


def privileges_line(walls: Walls) -> str:
    """Whether setuid programs can give it more than it has."""
    if walls.status is None:
        return f"{NA}: {walls.why_not('status')}"
    closed = walls.status.no_new_privileges
    return f"{NA}: this kernel does not say" if closed is None else "yes" if closed else "no"


def user_line(walls: Walls) -> str:
    """The user's number inside."""
    user = None if walls.status is None else walls.status.user
    return f"{NA}: {walls.why_not('status')}" if user is None else str(user)


def user_map_line(walls: Walls) -> str:
    """Which user of the host its user and its root are."""
    ranges = walls.user_map
    if ranges is None:
        return f"{NA}: {walls.why_not('uid_map')}"
    if is_identity(ranges):
        return "none: each user is the host's of the same number"
    root = outside_of(0, ranges)
    whole = sum(each.count for each in ranges)
    first = "nobody" if root is None else f"the host's {root}"
    return f"its 0 is {first}; {whole:,} users in all"


def root_line(walls: Walls) -> str:
    """Whether its root folder can be written to."""
    if walls.mounts is None:
        return f"{NA}: {walls.why_not('mountinfo')}"
    root = seen_at("/", walls.mounts)
    if root is None:
        return f"{NA}: it sees none"
    return "read-only" if root.is_read_only else "can be written"


def shown_mounts(walls: Walls) -> list[MountPoint]:
    """What it sees mounted below its root, but for what the kernel shows of itself."""
    return [
        mount
        for mount in walls.mounts or ()
        if mount.path != "/"
        and not mount.is_of_the_kernel
        and not mount.path.startswith(("/proc/", "/sys/"))
        and mount.path != "/sys"
    ]


def mount_words(mount: MountPoint) -> str:
    """'/data (tmpfs, rw)'."""
    return f"{mount.path} ({mount.kind}, {'ro' if mount.is_read_only else 'rw'})"


def mounts_line(walls: Walls) -> str:
    """What it sees mounted, in one line without what differs from engine to engine."""
    if walls.mounts is None:
        return f"{NA}: {walls.why_not('mountinfo')}"
    mounts = sorted({f"{m.path}{' (ro)' if m.is_read_only else ''}" for m in shown_mounts(walls)})
    more = f" and {len(mounts) - MOST_MOUNTS} more" if len(mounts) > MOST_MOUNTS else ""
    return f"{', '.join(mounts[:MOST_MOUNTS])}{more}" or "nothing"


def facts_of(now: SideBySide, side: int) -> list[tuple[str, str]]:
    """All but the namespaces, a line each."""
    walls = now.sides[side]
    return [
        ("capabilities", caps_line(now, side)),
        ("seccomp", seccomp_line(walls)),
        ("no new privileges", privileges_line(walls)),
        ("user", user_line(walls)),
        ("user map", user_map_line(walls)),
        ("root folder", root_line(walls)),
        ("mounted below", mounts_line(walls)),
    ]


def rows_of(now: SideBySide) -> list[tuple[str, str, str]]:
    """Each wall with what it is around the one and around the other."""
    rows = [
        (f"{kind} namespace", namespace_words(now, 0, kind), namespace_words(now, 1, kind))
        for kind in kinds_of(now)
    ]
    pairs = zip(facts_of(now, 0), facts_of(now, 1), strict=True)
    return rows + [(label, one, other) for (label, one), (_, other) in pairs]


def _listed(caps: tuple[str, ...]) -> str:
    return ", ".join(map(short, caps))
