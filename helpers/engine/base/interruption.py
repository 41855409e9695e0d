"""An interrupt of the learner's, told in two lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from helpers.errors import Interrupted


@contextmanager
def as_interrupted(
    what: str, step: str = "On the engine all goes on as it was: run the cell again."
) -> Iterator[None]:
    """A block in which an interrupt becomes Interrupted, which says what was broken off."""
    try:
        yield
    except Interrupted:
        raise
    except KeyboardInterrupt:
        raise Interrupted(f"{what} was interrupted.", step) from None
