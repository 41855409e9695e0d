"""The way in: an engine that answers."""

from __future__ import annotations

from helpers.engine.base.engine_context import Listeners
from helpers.engine.base.labels import NO_LESSON
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.model.course.lesson import lesson as find_lesson


def connect(
    lesson: str | int | None = None,
    listeners: Listeners | None = None,
) -> Docker:
    """The engine that the docker command takes (DOCKER_HOST, DOCKER_CONTEXT, the current context);
    where none of these names one, the first that answers at the usual sockets, or ours.

    `lesson` ('02', 2) is the label of all that will be made. Raises EngineNotFound, EngineRefused
    or EngineTooOld, each with what to do, and InvalidInput for a lesson that there is not.
    """
    chosen = None if lesson is None else find_lesson(lesson)
    number, names = (chosen.number, chosen.names) if chosen else (NO_LESSON, ())
    client, endpoint = find_client()
    return Docker(client, endpoint, number, names, listeners)
