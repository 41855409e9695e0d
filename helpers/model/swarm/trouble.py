"""What an engine's refusal to tell of its swarm means."""

from __future__ import annotations

WORKERS_ONLY = "No engine that is known here is a manager of a swarm."
NO_LEADER = (
    "The swarm does not have a leader: more than half of its managers must be up, and they are not."
)
_NO_LEADER = ("does not have a leader", "no elected", "lost quorum", "deadline exceeded")


def swarm_trouble(answer: str, message: str) -> str:
    """The sentence for what an engine answered; `message` is what it comes to elsewhere."""
    words = answer.lower()
    if "not a swarm manager" in words or "not part of a swarm" in words:
        return WORKERS_ONLY
    return NO_LEADER if any(each in words for each in _NO_LEADER) else message
