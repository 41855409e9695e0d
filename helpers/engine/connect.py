"""The way in: an engine that answers."""

from __future__ import annotations

from helpers.engine.base.engine_context import Listeners
from helpers.engine.base.labels import NO_LESSON
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.model.course.lesson import lesson as find_lesson


def connect(
    lesson: str | None = None,
    listeners: Listeners | None = None,
) -> Docker:
    """The first engine that answers: DOCKER_HOST, the current context, the usual sockets.

    `lesson` ('02') is the label of all that will be made. Raises EngineNotFound, EngineRefused or
    EngineTooOld, each with what to do, and InvalidInput for a lesson that there is not.
    """
    names = () if lesson is None else find_lesson(lesson).names
    client, endpoint = find_client()
    return Docker(client, endpoint, lesson or NO_LESSON, names, listeners)
