"""Keyword arguments that stand for the options of a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from helpers.errors import InvalidInput


def check_options(
    command: str,
    options: Iterable[str],
    known: Sequence[str],
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Raises InvalidInput for one that the command does not know, with the one that is meant.

    `elsewhere` is {name that it has elsewhere: ours}; else it is the nearest that there is.
    """
    for name in options:
        if name not in known:
            other = (elsewhere or {}).get(name)
            near = [other] if other else get_close_matches(name, known, 1)
            step = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
            raise InvalidInput(f"`{command}` has no option {name!r}.", step)
