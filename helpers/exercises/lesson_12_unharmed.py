"""How lesson 12's exercise on an update is judged: by what the door's own log tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from helpers.exercises.lesson_12_checks import managed
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import moment_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.model.swarm.service import Service
    from helpers.model.swarm.swarm import Swarm

WEB, GATE = "kiosk_web", "kiosk_gate"
URL = "http://127.0.0.1:4123/"
OLD, NEW = "1", "2"
FEWEST_REQUESTS = 100
UNHARMED_EXPECTED = (
    f"all tasks of `{WEB}` have VERSION {NEW} where they had {OLD}, and of the requests that came "
    f"to `{GATE}` meanwhile, {FEWEST_REQUESTS} or more, none failed"
)
# A task that was told to stop still answers for some seconds after the update is complete.
_AFTER_SECONDS = 4.0
# HAProxy's log of HTTP: five times, the status, the bytes, two cookies, how it ended.
_LINE = re.compile(r"^(\S+) .* [-+\d]+(?:/[-+\d]+){4} (-1|\d{3}) \S+ \S+ \S+ \S{4} ")


class Logged(NamedTuple):
    """A request in the door's log: when, in seconds since 1970, and its status, -1 for none."""

    at: float
    status: int


def check_unharmed(docker: Docker) -> Finding:
    """Whether the new version came under load, and nobody noticed."""
    answer = managed(docker)
    if isinstance(answer, Finding):
        return answer
    service = answer.swarm.services.get(WEB)
    if service is None:
        return not_started(f"There is no service `{WEB}` yet.", UNHARMED_EXPECTED)
    return (
        _not_new(answer.swarm, service)
        or _not_over(service)
        or _noticed(service, logged_in(answer.manager.log(GATE, service.began)))
        or passed(f"`{WEB}` has version {NEW}, and nobody noticed.")
    )


def _not_new(swarm: Swarm, service: Service) -> Finding | None:
    """The finding where it has not the new version, or never had the old one."""
    if service.version == OLD and "rollback" not in service.update:
        return not_started(f"`{WEB}` has version {OLD} still.", UNHARMED_EXPECTED)
    if service.version != NEW:
        word = "was taken back to" if "rollback" in service.update else "has"
        return not_yet(
            f"`{WEB}` {word} version {service.version or 'none'}.",
            UNHARMED_EXPECTED,
            f"What does `%docker -c node-1 service ps {WEB}` say of the tasks that ended?",
        )
    if OLD in {task.label for task in swarm.tasks_of(WEB)}:
        return None
    return not_yet(
        f"No task of `{WEB}` had version {OLD}: it began with {NEW}.",
        UNHARMED_EXPECTED,
        "Which version must run before there is something to update? (`stack rm kiosk` ends all "
        "of it.)",
    )


def _not_over(service: Service) -> Finding | None:
    if service.update == "completed":
        return None
    return not_yet(
        f"The update of `{WEB}` is {service.update or 'not to be seen'}.",
        UNHARMED_EXPECTED,
        f"What does `%docker -c node-1 service ps {WEB}` wait for?",
    )


def _noticed(service: Service, logged: Iterable[Logged]) -> Finding | None:
    """The finding where requests failed during the update, or hardly any came."""
    end = service.ended + _AFTER_SECONDS
    during = [each for each in logged if service.began <= each.at <= end]
    failed = [each for each in during if not 100 <= each.status < 500]
    if failed:
        return not_yet(
            f"{len(failed)} of the {len(during)} requests during the update failed, the first one "
            f"{failed[0].at - service.began:.1f} s after it began.",
            UNHARMED_EXPECTED,
            _question(service),
        )
    if len(during) < FEWEST_REQUESTS:
        return not_yet(
            f"{len(during)} requests came during the update: nobody was there to notice.",
            UNHARMED_EXPECTED,
            f'Was `requests("{URL}", per_second=20)` running while the version changed?',
        )
    return None


def _question(service: Service) -> str:
    """What is missing in the service, the first thing first."""
    if not service.has_health_check:
        return "From when on does a new task get requests: when it runs, or when it is ready?"
    if service.order != "start-first":
        return "Which comes first, the end of an old task or the start of a new one?"
    return "Who still has the address of a task that was asked to stop, and for how long?"


def logged_in(text: str) -> list[Logged]:
    """The requests in lines of the door's log, each with the engine's time in front."""
    matches = (_LINE.match(line) for line in text.splitlines())
    return [Logged(moment_in({"at": each[1]}, "at"), int(each[2])) for each in matches if each]
