"""How the exercise of lesson 10 on networks is judged: by asking from inside."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from helpers.exercises.lookup import find_container
from helpers.model.container.published import is_loopback
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import part_of, text_in

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

STREET, DESK, VAULT, INSIDE = "street", "desk", "vault", 8000
DESK_EXPECTED = (
    f"`{STREET}` reaches `{DESK}`, and `{DESK}` reaches `{VAULT}`, both by name on port {INSIDE}; "
    f"`{STREET}` does not reach `{VAULT}`, neither by its name nor by its address"
)
_ANSWERED = re.compile(r"server returned error")
_UNKNOWN = re.compile(r"bad address|unable to resolve|terminated", re.IGNORECASE)
_REFUSED = re.compile(r"refused", re.IGNORECASE)
_NO_WGET = re.compile(r"not found|no such file|permission denied", re.IGNORECASE)


class Reply(Enum):
    """What became of a request."""

    ANSWERED = "answers"
    REFUSED = "refuses"
    UNKNOWN = "is a name that nobody knows"
    SILENT = "does not answer"
    NOT_ASKED = "could not be asked"


def check_desk(docker: Docker) -> Finding:
    """Whether the three reach just whom they are to reach."""
    boxes = {name: find_container(docker, name) for name in (STREET, DESK, VAULT)}
    there = {name: box for name, box in boxes.items() if box is not None}
    if not there:
        return not_started(
            f"There is no `{STREET}`, no `{DESK}` and no `{VAULT}` yet.", DESK_EXPECTED
        )
    if missing := [name for name in boxes if name not in there]:
        return not_yet(
            f"There is no container named `{missing[0]}`.",
            DESK_EXPECTED,
            "Three are asked for: who comes, who serves, and who is served in the back?",
        )
    return (
        _stopped(there)
        or _published(there[VAULT])
        or _not_reached(docker, there[STREET], DESK)
        or _not_reached(docker, there[DESK], VAULT)
        or _too_near(docker, there[STREET])
        or passed(f"Only `{DESK}` reaches `{VAULT}`.")
    )


def _stopped(boxes: dict[str, Container]) -> Finding | None:
    for name, box in boxes.items():
        if box.status != "running":
            return not_yet(
                f"`{name}` is {box.status}.", DESK_EXPECTED, "Does its program last? See its logs."
            )
    return None


def _published(vault: Container) -> Finding | None:
    bound = [address for hosts in vault.state.published.values() for address, _ in hosts]
    if not bound:
        return None
    who = "programs of this machine" if all(map(is_loopback, bound)) else "the whole neighbourhood"
    return not_yet(
        f"`{VAULT}` publishes a port, so {who} can reach it.",
        DESK_EXPECTED,
        f"For whom is `-p`, and does `{DESK}` need it?",
    )


def _not_reached(docker: Docker, asking: Container, name: str) -> Finding | None:
    reply = _asked(asking, name)
    if reply is Reply.ANSWERED:
        return None
    if reply is Reply.NOT_ASKED:
        return not_yet(
            f"In `{asking.name}` there is no `wget` to ask with.",
            DESK_EXPECTED,
            "Is it made from `busybox:1.37`?",
        )
    if reply is Reply.UNKNOWN:
        by_address = any(
            _asked(asking, each) is Reply.ANSWERED for each in _addresses(docker, name)
        )
        if by_address:
            return not_yet(
                f"`{asking.name}` reaches `{name}` by its address, and does not know its name.",
                DESK_EXPECTED,
                "Which network is the one in which no names are known?",
            )
    question = {
        Reply.UNKNOWN: f"In which networks is `{name}`, and is one of them `{asking.name}`'s?",
        Reply.REFUSED: f"Does anything in `{name}` listen on port {INSIDE}, on every address?",
    }.get(reply, f"Which networks do `{asking.name}` and `{name}` share?")
    return not_yet(f"Asked by `{asking.name}`, `{name}` {reply.value}.", DESK_EXPECTED, question)


def _too_near(docker: Docker, street: Container) -> Finding | None:
    if _asked(street, VAULT) is Reply.ANSWERED:
        return not_yet(
            f"`{STREET}` reaches `{VAULT}` as well, by its name.",
            DESK_EXPECTED,
            "Which network do they share? How many does it take, and who alone is in both?",
        )
    for address in _addresses(docker, VAULT):
        if _asked(street, address) in (Reply.ANSWERED, Reply.REFUSED):
            return not_yet(
                f"`{STREET}` does not know the name `{VAULT}`, and reaches its address.",
                DESK_EXPECTED,
                "Which network do they share? (The names are hidden in one, the packets are not.)",
            )
    return None


def _addresses(docker: Docker, name: str) -> list[str]:
    """Its addresses, one for each network that gave it one."""
    inspected: Any = docker.client.api.inspect_container(name)
    networks = part_of(inspected, "NetworkSettings", "Networks").values()
    return [address for each in networks if (address := text_in(each, "IPAddress"))]


def _asked(box: Container, host: str) -> Reply:
    """What a request from inside comes to; `timeout` is for a name server that is silent."""
    url = f"http://{host}:{INSIDE}/"
    printed = box.exec(["timeout", "4", "wget", "-q", "-T", "2", "-O", "/dev/null", url])
    if printed.exit_code == 0 or _ANSWERED.search(printed):
        return Reply.ANSWERED
    if printed.exit_code in (126, 127) or _NO_WGET.search(printed):
        return Reply.NOT_ASKED
    if printed.exit_code == 143 or _UNKNOWN.search(printed):
        return Reply.UNKNOWN
    return Reply.REFUSED if _REFUSED.search(printed) else Reply.SILENT
