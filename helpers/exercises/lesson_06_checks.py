"""How the exercises of lesson 06 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.exercises.lookup import find_container
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.supply.catalogue import VM_TOOLS
from helpers.model.text.units import format_memory
from helpers.model.vm.console import has_started, trouble_on

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

APP_IMAGE = "my-python-app"

GUEST, GUEST_PORT = "guest", 4052
GUEST_EXPECTED = f"`{GUEST}` is a virtual machine and answers at http://127.0.0.1:{GUEST_PORT}/"

HEAVY = "heavy"
CROWD = tuple(f"crowd-{number}" for number in range(1, 6))
CROWD_EXPECTED = f"five containers of `{APP_IMAGE}` run, and a VM `{HEAVY}` that answers"


def check_guest(docker: Docker) -> Finding:
    """Whether a VM of that name answers on that port of this machine."""
    guest = find_container(docker, GUEST)
    if guest is None:
        return not_started(f"There is nothing named `{GUEST}` yet.", GUEST_EXPECTED)
    if not _is_vm(guest):
        return not_yet(
            f"`{GUEST}` is a container of `{guest.image}`: it runs on the engine's kernel.",
            GUEST_EXPECTED,
            "Which call boots a kernel for an image?",
        )
    if (finding := _off(guest, GUEST_EXPECTED)) is not None:
        return finding
    state = guest.state
    bound = [(port, number) for port, hosts in state.published.items() for _, number in hosts]
    mine = [port for port, number in bound if number == GUEST_PORT]
    if not mine:
        there = ", ".join(str(number) for _, number in bound) or "none"
        return not_yet(
            f"`{GUEST}` runs; ports of this machine that lead to it: {there}.",
            GUEST_EXPECTED,
            "Which option says which port of this machine leads to port 80 inside?",
        )
    inside = int(mine[0].partition("/")[0])
    if silent := _silent(guest, inside, GUEST_EXPECTED):
        return silent
    ours, theirs = docker.info.get("KernelVersion", "?"), _kernel_of(guest)
    return passed(f"`{GUEST}` answers, on Linux {theirs}; the engine's machine runs Linux {ours}.")


def check_crowd(docker: Docker) -> Finding:
    """Whether the five and the VM run; what they take is measured and told."""
    crowd = [(name, find_container(docker, name)) for name in CROWD]
    heavy = find_container(docker, HEAVY)
    there = [container for _, container in crowd if container is not None]
    if not there and heavy is None:
        return not_started(f"None of `{CROWD[0]}` … and no `{HEAVY}` is there.", CROWD_EXPECTED)
    if missing := [name for name, container in crowd if container is None]:
        return not_yet(
            f"{len(there)} of the five are there; `{missing[0]}` is not.",
            CROWD_EXPECTED,
            "How are the names counted, and from which number to which?",
        )
    for container in there:
        if (finding := _no_member(docker, container)) is not None:
            return finding
    if heavy is None or not _is_vm(heavy):
        what = "is missing" if heavy is None else f"is a container of `{heavy.image}`"
        return not_yet(
            f"The five run, and `{HEAVY}` {what}.",
            CROWD_EXPECTED,
            "What do you weigh them against? `engine.vm` boots it.",
        )
    if (finding := _off(heavy, CROWD_EXPECTED) or _unanswering(heavy)) is not None:
        return finding
    return _weighed(there, heavy)


def _weighed(crowd: list[Container], heavy: Container) -> Finding:
    five, one = sum(_memory_of(container) for container in crowd), _memory_of(heavy)
    first = "the VM" if one > five else "the five together"
    return passed(
        f"Five containers take {format_memory(five)} together, one VM of the same image "
        f"{format_memory(one)}: {first} more."
    )


def _no_member(docker: Docker, container: Container) -> Finding | None:
    """Why that container is none of the five; None where it is."""
    state = container.state
    if state.image_id != docker.image(APP_IMAGE).id:
        return not_yet(
            f"`{state.name}` is made from `{state.image}`, not from `{APP_IMAGE}`.",
            CROWD_EXPECTED,
            "Would it be a fair weighing, with another app in it?",
        )
    if state.status != "running":
        return not_yet(
            f"`{state.name}` is {state.status}.",
            CROWD_EXPECTED,
            "A container that does not run takes no memory. What do its logs say?",
        )
    return None


def _unanswering(heavy: Container) -> Finding | None:
    """Why the VM is not ready to be weighed; None where it is."""
    ports = list(heavy.state.published)
    if not ports:
        return not_yet(
            f"`{HEAVY}` runs, and publishes no port.",
            CROWD_EXPECTED,
            "How would one see that its app has started?",
        )
    inside = int(ports[0].partition("/")[0])
    return _silent(heavy, inside, CROWD_EXPECTED)


def _off(vm: Container, expected: str) -> Finding | None:
    """What is told of a VM that does not run; None for one that does."""
    if vm.status == "running":
        return None
    why = trouble_on(vm.logs()) or "it was switched off"
    return not_yet(
        f"`{vm.name}` is {vm.status}: {why}.", expected, "What does the end of its console say?"
    )


def _silent(vm: Container, inside: int, expected: str) -> Finding | None:
    """What is told of a VM whose app does not answer; None for one that answers."""
    had_booted = has_started(vm.logs())  # before it is asked: meanwhile it may come to its end
    if vm.answers(port=inside, seconds=3):
        return None
    if had_booted:
        return not_yet(
            f"`{vm.name}` has booted, and nothing answers on port {inside} inside.",
            expected,
            "On which port does the app listen?",
        )
    return not_yet(
        f"`{vm.name}` is still booting.",
        expected,
        f"How far is it, by `docker logs {vm.name}`? Wait with `{vm.name}.wait_until_ready()`, "
        "then check again.",
    )


def _is_vm(container: Container) -> bool:
    return container.image == VM_TOOLS


def _kernel_of(vm: Container) -> str:
    """The release of the VM's own kernel, asked inside of it."""
    return vm.exec("vm-inside workbook-look").strip().rpartition(" ")[2]


def _memory_of(container: Container) -> int:
    usage = next(iter(container.usage(seconds=2)), None)
    return usage.memory_bytes or 0 if usage else 0
