"""How the exercises of lesson 09 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.exercises.lookup import find_container
from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.container.published import is_loopback
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.isolation.process_status import ProcessStatus, parse_status
from helpers.model.text.answer_parts import part_of

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

LEAST, DATA = "least", "/data"
LEAST_PORT = 4090
LEAST_EXPECTED = (
    f"`{LEAST}` serves the shop at 127.0.0.1:{LEAST_PORT}: not as root, with no capability and no "
    f"way to one, and read-only but for `{DATA}`"
)
FIVE = ("amber", "coral", "ivory", "olive", "plum")
HARMLESS = 3
KEYS_EXPECTED = "the two that can take over the machine are gone, and the other three run"


def check_least(docker: Docker) -> Finding:
    """Whether the shop is served with the least power that it needs."""
    box = find_container(docker, LEAST)
    if box is None:
        return not_started(f"There is no container named `{LEAST}` yet.", LEAST_EXPECTED)
    if box.status != "running":
        return _ended(box)
    facts = facts_of(docker, LEAST)
    return (
        _not_served(box)
        or _too_powerful(box)
        or (_can_write(docker, facts) if facts else None)
        or passed(f"`{LEAST}` serves the shop, and has nothing that it does not need.")
    )


def _ended(box: Container) -> Finding:
    line = box.logs(tail=1).strip()
    last = f" Its last word: `{line}`." if line else ""
    return not_yet(
        f"`{LEAST}` is {box.status}, with exit code {box.exit_code}.{last}",
        LEAST_EXPECTED,
        "What does it miss, and what gives it just that?",
    )


def _not_served(box: Container) -> Finding | None:
    published = box.state.published
    bound = [(address, port) for hosts in published.values() for address, port in hosts]
    inside = [key for key, hosts in published.items() if LEAST_PORT in dict(hosts).values()]
    if not inside:
        return not_yet(
            f"`{LEAST}` does not publish port {LEAST_PORT} of this machine.",
            LEAST_EXPECTED,
            "What comes first in `-p`, outside or inside?",
        )
    if any(not is_loopback(address) for address, _ in bound):
        return not_yet(
            f"`{LEAST}` is published, and not for this machine alone.",
            LEAST_EXPECTED,
            "Which address does `-p` take when none is given?",
        )
    if not box.answers("/items", int(inside[0].partition("/")[0]), seconds=8):
        if box.status != "running":
            return _ended(box)
        return not_yet(
            f"Nobody serves the shop's `/items` at port {LEAST_PORT}.",
            LEAST_EXPECTED,
            "Is it the image `shop`, and does the port lead to the one that the app listens on?",
        )
    return None


def _too_powerful(box: Container) -> Finding | None:
    status = status_of(box)
    if status is None or status.bounding is None:
        return not_yet(
            f"In `{LEAST}` nobody can read `/proc/1/status`, where the kernel tells of its rights.",
            LEAST_EXPECTED,
            "Is it made from the image `shop`?",
        )
    if status.user == 0:
        return not_yet(
            f"`{LEAST}` runs as root.", LEAST_EXPECTED, "Which option makes it somebody else?"
        )
    if status.effective:
        return not_yet(
            f"`{LEAST}` has {len(status.effective)} capabilities.",
            LEAST_EXPECTED,
            "Which option takes them all?",
        )
    if status.bounding:
        return not_yet(
            f"`{LEAST}` has no capability now, and may still gain {len(status.bounding)}.",
            LEAST_EXPECTED,
            "A setuid program would gain them. Which option takes them all, whoever the user is?",
        )
    if not status.no_new_privileges:
        return not_yet(
            f"In `{LEAST}` a setuid program still makes whoever starts it root.",
            LEAST_EXPECTED,
            "Which `--security-opt` makes the setuid bit void?",
        )
    return None


def _can_write(docker: Docker, facts: ContainerFacts) -> Finding | None:
    if not facts.is_read_only:
        return not_yet(
            f"The file system of `{LEAST}` is not read-only.",
            LEAST_EXPECTED,
            "Which option makes image and writable layer read-only, and which gives it one folder?",
        )
    inspected: Any = docker.client.api.inspect_container(LEAST)
    in_memory = part_of(inspected, "HostConfig", "Tmpfs")
    mounted = [mount.target for mount in facts.mounts if mount.is_writable]
    if others := [target for target in (*mounted, *in_memory) if target.rstrip("/") != DATA]:
        return not_yet(
            f"`{LEAST}` may write in `{others[0]}`, too.",
            LEAST_EXPECTED,
            f"Does it need more than `{DATA}`?",
        )
    return None


def status_of(box: Container) -> ProcessStatus | None:
    """What the kernel has of its first process; None where nobody can read it there."""
    return parse_status(box.exec(["cat", "/proc/1/status"]))


def check_keys(docker: Docker) -> Finding:
    """Whether those that reach the machine are gone, and nobody else was touched."""
    looked_up = {name: facts_of(docker, name) for name in FIVE}
    there = {name: facts for name, facts in looked_up.items() if facts}
    if not there:
        return not_started("The five are not there: run the cell above.", KEYS_EXPECTED)
    keys = {name: facts for name, facts in there.items() if reaches_host(facts)}
    harmless = [name for name in there if name not in keys]
    if len(harmless) < HARMLESS:
        return not_yet(
            f"Of the {HARMLESS} that have no key, {len(harmless)} are left.",
            KEYS_EXPECTED,
            "What could the other one have done to the machine? Remove the five, run the cell "
            "above once more, and look at each before.",
        )
    if stopped := [name for name in harmless if not _runs(docker, name)]:
        return not_yet(
            f"`{stopped[0]}` does not run any more, and it had no key.",
            KEYS_EXPECTED,
            f"Which command starts it again? And what could `{stopped[0]}` have done?",
        )
    if len(there) == len(FIVE):
        return _untouched(docker, keys)
    if keys:
        return _left(docker, *keys.items())
    return passed("The two that held a key are gone; the other three never noticed.")


def _untouched(docker: Docker, keys: dict[str, ContainerFacts]) -> Finding:
    stopped = [name for name in keys if not _runs(docker, name)]
    if stopped:
        return not_yet(
            f"`{stopped[0]}` is stopped, and still there.",
            KEYS_EXPECTED,
            "What would `docker start` do?",
        )
    return not_started("All five are there, as they were started.", KEYS_EXPECTED)


def _left(docker: Docker, key: tuple[str, ContainerFacts]) -> Finding:
    name, facts = key
    if not _runs(docker, name):
        return not_yet(
            "You found both. One is stopped, and still there.",
            KEYS_EXPECTED,
            "What would `docker start` do?",
        )
    return not_yet(
        "One that reaches the machine is still there.",
        KEYS_EXPECTED,
        "Whose processes does each of the four see?"
        if facts.pid_mode == "host"
        else "What of the machine is mounted into each of the four?",
    )


def reaches_host(facts: ContainerFacts) -> bool:
    """Whether it speaks to an engine, or sees the machine's processes."""
    sockets = [mount for mount in facts.mounts if mount.source.endswith(".sock")]
    return bool(sockets) or facts.pid_mode == "host"


def facts_of(docker: Docker, name: str) -> ContainerFacts | None:
    """What `docker inspect` has of that container; None where there is none."""
    if find_container(docker, name) is None:
        return None
    answer: Any = docker.client.api.inspect_container(name)
    return ContainerFacts.from_inspect(answer)


def _runs(docker: Docker, name: str) -> bool:
    box = find_container(docker, name)
    return box is not None and box.status == "running"
