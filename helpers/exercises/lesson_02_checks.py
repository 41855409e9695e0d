"""How the exercises of lesson 02 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.exercises.lookup import find_container
from helpers.model.container.published import is_loopback
from helpers.model.course.exercise import Finding, Outcome, not_started, not_yet, passed

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

IMAGE = "busybox:1.37"

SITE, SITE_PORT = "site", 4002
HERE = "127.0.0.1"
SITE_EXPECTED = f"`{SITE}` answers at http://127.0.0.1:{SITE_PORT}/, and only for this machine"

PHOENIX = "phoenix"
PHOENIX_EXPECTED = f"`{PHOENIX}` crashed at least once, and the engine started it again"

QUICK = "quick"
KILLS = ("9", "SIGKILL")
ENDED_BY_SIGTERM = 143
QUICK_EXPECTED = f"`{QUICK}` was stopped with `docker stop` and ended by itself in under one second"


def check_site(docker: Docker) -> Finding:
    """Whether a container of that name answers on that port of this machine alone."""
    site = find_container(docker, SITE)
    if site is None:
        return not_started(f"There is no container named `{SITE}` yet.", SITE_EXPECTED)
    state = site.state
    if state.status != "running":
        return not_yet(f"`{SITE}` is {state.status}.", SITE_EXPECTED, "What do its logs say?")
    bound = [(port, *host) for port, hosts in state.published.items() for host in hosts]
    if not any(number == SITE_PORT for _, _, number in bound):
        return _other_ports([number for _, _, number in bound])
    abroad = [(address, number) for _, address, number in bound if not is_loopback(address)]
    if abroad:
        return _for_others(*abroad[0])
    here = [port for port, address, number in bound if (address, number) == (HERE, SITE_PORT)]
    if not here:
        return not_yet(
            f"Port {SITE_PORT} is published, and not on {HERE}.",
            SITE_EXPECTED,
            f"Which address stands before it? `docker port {SITE}` tells.",
        )
    port = here[0]
    if not site.answers(port=int(port.partition("/")[0]), seconds=2):
        return not_yet(
            f"Port {SITE_PORT} leads to port {port} of `{SITE}`, and nothing answers there.",
            SITE_EXPECTED,
            "On which port inside does its server listen, and does that file or page exist?",
        )
    return passed(f"`{SITE}` answers at http://127.0.0.1:{SITE_PORT}/, for this machine alone.")


def _for_others(address: str, number: int) -> Finding:
    every = address in ("", "0.0.0.0", "::")
    which = ", which is every address of this machine" if every else ", an address for others"
    return not_yet(
        f"Port {number} is published on {address or '0.0.0.0'}{which}.",
        SITE_EXPECTED,
        "What may stand before the port in `-p`, with a colon after it?",
    )


def _other_ports(published: list[int]) -> Finding:
    if not published:
        return not_yet(
            f"`{SITE}` runs, and publishes no port.",
            SITE_EXPECTED,
            "It listens inside its own network. Which option opens a door to it?",
        )
    return not_yet(
        f"`{SITE}` publishes port {', '.join(map(str, sorted(set(published))))} of this machine.",
        SITE_EXPECTED,
        "In `-p A:B`, which of the two is this machine's port?",
    )


def check_phoenix(docker: Docker) -> Finding:
    """Whether a container of that name crashed and was started again by its restart policy."""
    phoenix = find_container(docker, PHOENIX)
    if phoenix is None:
        return not_started(f"There is no container named `{PHOENIX}` yet.", PHOENIX_EXPECTED)
    state = phoenix.state
    if state.restart_policy == "no":
        return not_yet(
            f"`{PHOENIX}` is {state.status}, and its restart policy is `no`.",
            PHOENIX_EXPECTED,
            "Which option of `docker run` asks the engine to start it again?",
        )
    if state.status == "exited" and state.restart_count == 0:
        return _stayed_down(state.restart_policy, state.exit_code)
    if state.restart_count == 0:
        return not_yet(
            f"`{PHOENIX}` is {state.status} under the policy `{state.restart_policy}`, "
            "and has not crashed yet.",
            PHOENIX_EXPECTED,
            "How could its first process end with an error? (`docker stop` and `docker kill` "
            "are your wish, not a crash, and the engine respects it.)",
        )
    if not _crashed(phoenix):
        return not_yet(
            f"`{PHOENIX}` ended with exit code 0 each time, and was started again.",
            PHOENIX_EXPECTED,
            "That was a good end, no crash. Which exit codes tell of one?",
        )
    times = f"{state.restart_count} time{'s' if state.restart_count > 1 else ''}"
    return passed(
        f"The engine started `{PHOENIX}` again {times}, as `{state.restart_policy}` told it to."
    )


def _crashed(container: Container) -> bool:
    """Whether it ever ended with an error, by the events that the engine still knows."""
    ends = [event for event in container.events() if event.action == "die"]
    return any(event.attributes.get("exitCode") != "0" for event in ends)


def _stayed_down(policy: str, exit_code: int | None) -> Finding:
    if policy == "on-failure" and exit_code == 0:
        return not_yet(
            f"`{PHOENIX}` ended with exit code 0, which its policy `on-failure` takes for success.",
            PHOENIX_EXPECTED,
            "Which exit codes does `on-failure` react to?",
        )
    return not_yet(
        f"`{PHOENIX}` is exited with code {exit_code}, under the policy `{policy}`.",
        PHOENIX_EXPECTED,
        "Did you stop it yourself? The engine takes that for your wish.",
    )


def check_quick(docker: Docker) -> Finding:
    """Whether a container of that name was stopped, and ended by itself within a second."""
    quick = find_container(docker, QUICK)
    if quick is None:
        return not_started(f"There is no container named `{QUICK}` yet.", QUICK_EXPECTED)
    state = quick.state
    if state.status == "running":
        return not_yet(
            f"`{QUICK}` is running.",
            QUICK_EXPECTED,
            "What happens when you type `docker stop quick`?",
        )
    if state.exit_code == 137 and not _was_asked(quick):
        return not_yet(
            f"`{QUICK}` was killed at once, by SIGKILL: nobody asked it to end first.",
            QUICK_EXPECTED,
            "`docker kill` sends SIGKILL. What does `docker stop` send?",
        )
    if state.exit_code == 137:
        return not_yet(
            f"`{QUICK}` ended with exit code 137: it did not react to SIGTERM and was killed.",
            QUICK_EXPECTED,
            "Which process is PID 1 in it, and does it listen to SIGTERM?",
        )
    seconds = _seconds_to_stop(quick)
    if seconds is None and state.exit_code == ENDED_BY_SIGTERM and not _notes_requests(quick):
        return passed(f"`{QUICK}` ended by SIGTERM. (This engine does not note when it was asked.)")
    return _stopped_in(seconds)


def _stopped_in(seconds: float | None) -> Finding:
    if seconds is None:
        return not_yet(
            f"`{QUICK}` ended by itself: nobody asked it to stop.",
            QUICK_EXPECTED,
            "Does its first process run until SIGTERM comes? Then stop it.",
        )
    if seconds >= 1:
        return not_yet(
            f"`{QUICK}` took {seconds:.1f} s to end after SIGTERM.",
            QUICK_EXPECTED,
            "What does it wait for before it reacts?",
        )
    return passed(f"`{QUICK}` ended {seconds:.2f} s after SIGTERM.")


def _was_asked(container: Container) -> bool:
    """Whether it got a signal that asks it to end, before any that ends it."""
    signals = [event.attributes.get("signal") for event in container.events()
               if event.action == "kill"]  # fmt: skip
    return any(signal not in KILLS for signal in signals)


def _notes_requests(container: Container) -> bool:
    """Whether the engine notes when a container is asked to end; Podman, with its `init`, not."""
    return "init" not in container.events().actions


def _seconds_to_stop(container: Container) -> float | None:
    """Seconds from the last request to end (SIGTERM, or the image's own stop signal) to the end.

    By the engine's events; None where nobody asked.
    """
    asked = ended = None
    for event in container.events():
        if event.action == "kill" and event.attributes.get("signal") not in KILLS:
            asked, ended = event.at, None
        elif event.action == "die" and asked is not None and ended is None:
            ended = event.at
    return None if asked is None or ended is None else ended - asked


def phoenix_hint(docker: Docker) -> str:
    """The hint that fits what is on the engine."""
    if check_phoenix(docker).outcome is Outcome.NOT_STARTED:
        return (
            f"`docker run -d --name {PHOENIX} --restart on-failure {IMAGE} sh -c '…'`, "
            "with a script that waits two seconds and ends with `exit 1`."
        )
    return (
        f"Remove it first (`docker rm --force {PHOENIX}`). Then give it `--restart on-failure` and "
        "the command `sh -c 'sleep 2; exit 1'`, and wait a few seconds before you check."
    )
