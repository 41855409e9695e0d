"""What is handed to whatever launches, builds, boots and pushes: one engine, in one lesson."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.command_log import CommandLog
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.labels import NO_LESSON

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.model.build.report import BuildReport
    from helpers.model.registry.transfer import TransferProgress
    from helpers.model.supply.supply import SupplyProgress

# Brings an image of that name to the engine, unless it is there; raises ImageUnavailable.
Ensure = Callable[[str], object]


@dataclass(frozen=True)
class Listeners:
    """Who is called while images come, while a build runs, and while layers are sent or fetched."""

    on_supply: Callable[[SupplyProgress], None] | None = None
    on_build: Callable[[BuildReport], None] | None = None
    on_transfer: Callable[[TransferProgress], None] | None = None


@dataclass(frozen=True)
class EngineContext:
    """An engine and the lesson that it is used in; `log` keeps the commands of this session."""

    client: DockerClient
    endpoint: Endpoint
    lesson: str = NO_LESSON
    log: CommandLog = field(default_factory=CommandLog)
    listeners: Listeners = field(default_factory=Listeners)

    @cached_property
    def info(self) -> dict[str, Any]:
        """What the engine says of itself (`docker info`), asked once."""
        with translated("docker info"):
            return info_of(self.client)
