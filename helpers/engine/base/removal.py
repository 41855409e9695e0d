"""What was made for a moment on the engine, removed again whatever happens between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from docker.errors import APIError

from helpers.engine.base.answers import translated
from helpers.errors import EngineError


@contextmanager
def removed_afterwards(remove: Callable[[], object]) -> Iterator[None]:
    """A block after which something is removed; an error of the block itself is what comes out."""
    try:
        yield
    except BaseException:
        with suppress(EngineError):
            remove_if_there(remove)
        raise
    remove_if_there(remove)


def remove_if_there(remove: Callable[[], object]) -> None:
    """Removes what may be gone already, or is just being removed."""
    with translated("docker rm"):
        try:
            remove()
        except APIError as error:
            if error.status_code not in (404, 409):
                raise
