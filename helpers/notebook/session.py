"""The engine that this kernel is connected to: what `%docker` and names in views refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.network.attempt_log import AttemptLog
from helpers.errors import InvalidInput

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker
    from helpers.engine.image.image import Image

_connected: list[tuple[Docker, AttemptLog]] = []


def open_session(engine: Docker) -> None:
    """From now on it is the one that is meant."""
    _connected[:] = [(engine, AttemptLog())]


def current_engine() -> Docker:
    """The engine that `connect()` found last; raises InvalidInput before the first."""
    return _session()[0]


def current_attempts() -> AttemptLog:
    """The connections that were tried since then; raises InvalidInput before the first."""
    return _session()[1]


def _session() -> tuple[Docker, AttemptLog]:
    if not _connected:
        raise InvalidInput(
            "No engine is connected yet.", "Run the cell with `engine = connect(…)` first."
        )
    return _connected[0]


def the_container(container: Container | str) -> Container:
    """The container itself, or the one of that name; raises NoSuchContainer."""
    return current_engine().container(container) if isinstance(container, str) else container


def the_image(image: Image | str) -> Image:
    """The image itself, or the one of that name; raises NoSuchImage."""
    return current_engine().image(image) if isinstance(image, str) else image
