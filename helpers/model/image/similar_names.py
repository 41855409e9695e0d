"""The image that somebody may have meant who mistyped its name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LATEST = ":latest"


def similar_image(name: str, known: Iterable[str]) -> str:
    """The one of the known names ('web:latest') that is most like it, as one types it; else ''.

    The same repository with another tag comes before a name that merely looks alike.
    """
    wanted = _short(name)
    names = sorted({_short(one) for one in known} - {wanted})
    siblings = [one for one in names if _repository(one) == _repository(wanted)]
    if _repository(wanted) in siblings:
        return _repository(wanted)
    matches = get_close_matches(wanted, siblings, 1, 0.0) or get_close_matches(
        wanted, names, 1, 0.7
    )
    return matches[0] if matches else ""


def _short(name: str) -> str:
    return name.removesuffix(_LATEST)


def _repository(name: str) -> str:
    head, _, tag = name.rpartition(":")
    return head if head and "/" not in tag else name
