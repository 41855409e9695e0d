"""One engine that is connected: what it says of itself, and the commands that it was given."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.command_log import CommandLog
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import engine_title
from helpers.engine.base.engine_socket import engine_socket
from helpers.model.features.feature import Features

if TYPE_CHECKING:
    from docker import DockerClient


class ConnectedEngine:
    """An engine in a lesson, as long as it is looked at only."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    def __repr__(self) -> str:
        return f"{engine_title(self.info)} at {self.endpoint.host}"

    @property
    def client(self) -> DockerClient:
        """The SDK's own client of this engine, for what the lessons do not need."""
        return self._context.client

    @property
    def endpoint(self) -> Endpoint:
        """Where the engine is, and what pointed to it."""
        return self._context.endpoint

    @property
    def lesson(self) -> str:
        """The lesson's number, which stands on the label of all that is made here."""
        return self._context.lesson

    @property
    def commands(self) -> CommandLog:
        """The `docker` lines that all this stands for, in order."""
        return self._context.log

    @property
    def info(self) -> dict[str, Any]:
        """What the engine says of itself (`docker info`), asked once."""
        return self._context.info

    @property
    def socket(self) -> str:
        """Where the engine's own machine has its socket, which a container could mount."""
        return engine_socket(self.endpoint.host, self.info)

    @cached_property
    def features(self) -> Features:
        """What this engine and its kernel can do, found by trying."""
        from helpers.engine.features.features import features_of

        return features_of(self.client)

    def _asked(self, line: str, ask: Callable[[], Any]) -> Any:
        """What the engine answers; the line stands for it among the commands."""
        with translated(line):
            answer = ask()
        self.commands.add(line)
        return answer
