"""The way in: an engine that answers."""

from __future__ import annotations

from collections.abc import Callable

from helpers.engine.base.labels import NO_LESSON
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.model.build.report import BuildReport
from helpers.model.course.lesson import lesson as find_lesson
from helpers.model.registry.transfer import TransferProgress
from helpers.model.supply.supply import SupplyProgress


def connect(
    lesson: str | None = None,
    on_supply: Callable[[SupplyProgress], None] | None = None,
    on_build: Callable[[BuildReport], None] | None = None,
    on_transfer: Callable[[TransferProgress], None] | None = None,
) -> Docker:
    """The first engine that answers: DOCKER_HOST, the current context, the usual sockets.

    `lesson` ('02') is the label of all that will be made. Raises EngineNotFound, EngineRefused or
    EngineTooOld, each with what to do, and InvalidInput for a lesson that there is not.
    """
    names = () if lesson is None else find_lesson(lesson).names
    client, endpoint = find_client()
    return Docker(client, endpoint, lesson or NO_LESSON, names, on_supply, on_build, on_transfer)
