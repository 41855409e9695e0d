"""What an engine's refusal to tell of its swarm means."""

from __future__ import annotations

from collections.abc import Iterable

WORKERS_ONLY = "No engine that is known here is a manager of a swarm."
NO_LEADER = (
    "The swarm does not have a leader: more than half of its managers must be up, and they are not."
)
TOO_LATE = (
    "No manager answered within 3 seconds: where half of them or more are down, the swarm does not "
    "have a leader."
)
NO_ANSWER = "No manager of the swarm answers any more."
_STEPS = {
    WORKERS_ONLY: "`docker swarm init`, typed for one of the nodes, makes it a manager.",
    NO_LEADER: (
        "Start the managers that are down, or let one that is up go on alone: "
        "`docker swarm init --force-new-cluster`, typed for it."
    ),
}
_STEPS[TOO_LATE] = _STEPS[NO_LEADER]
_NO_LEADER = ("does not have a leader", "no elected primary", "lost quorum", "deadline exceeded")


def swarm_trouble(answer: str, message: str) -> str:
    """The sentence for what an engine answered; `message` is what it comes to elsewhere."""
    words = answer.lower()
    if "not a swarm manager" in words or "not part of a swarm" in words:
        return WORKERS_ONLY
    return NO_LEADER if any(each in words for each in _NO_LEADER) else message


def worst_of(troubles: Iterable[str], was_there: bool) -> str:
    """The one to be told of these; `was_there` says that a manager has answered before."""
    others = [each for each in troubles if each != WORKERS_ONLY]
    for plain in (NO_LEADER, TOO_LATE):
        if plain in others:
            return plain
    if was_there:
        return NO_ANSWER
    return others[0] if others else WORKERS_ONLY


def step_after(trouble: str) -> str:
    """What to do about it."""
    return _STEPS.get(trouble, "`docker node ls`, asked of a manager, says which nodes are up.")
