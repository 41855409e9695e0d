"""The engine that this kernel is connected to: what `%docker` and names in views refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpers.engine.network.attempt_log import AttemptLog
from helpers.engine.project.memory import ProjectMemories
from helpers.errors import InvalidInput

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker
    from helpers.engine.image.image import Image


@dataclass(frozen=True)
class _Session:
    """An engine, and what was learnt on it since it was connected."""

    engine: Docker
    attempts: AttemptLog = field(default_factory=AttemptLog)
    projects: ProjectMemories = field(default_factory=ProjectMemories)


_connected: list[_Session] = []


def open_session(engine: Docker) -> None:
    """From now on it is the one that is meant."""
    _connected[:] = [_Session(engine)]


def current_engine() -> Docker:
    """The engine that `connect()` found last; raises InvalidInput before the first."""
    return _session().engine


def current_attempts() -> AttemptLog:
    """The connections that were tried since then; raises InvalidInput before the first."""
    return _session().attempts


def current_projects() -> ProjectMemories:
    """The Compose projects that were asked for since then; raises InvalidInput before the first."""
    return _session().projects


def _session() -> _Session:
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
