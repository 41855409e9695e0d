"""Connections tried from inside a container: by its own tools, or from its network beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.isolation.shell import BUSYBOX
from helpers.engine.isolation.siblings import Siblings
from helpers.engine.network.heard import Heard, heard
from helpers.engine.network.source import running_source
from helpers.errors import EngineError
from helpers.model.network.attempt import (
    BESIDE_IT,
    IN_IT,
    Attempt,
    beside_line,
    checked_port,
    checked_target,
    exec_line,
)
from helpers.model.network.wget_words import SILENT, python_words, understood, wget_words

if TYPE_CHECKING:
    from docker import DockerClient


class Reach:
    """Tries connections between the containers of one engine; nothing is left of it there."""

    def __init__(self, client: DockerClient, lesson: str) -> None:
        self._client = client
        self._siblings = Siblings(client, lesson)

    def attempt(self, source: str, target: str, port: int) -> Attempt:
        """What came of one connection from the container of that name or id.

        Raises InvalidInput for a target or a port that can be none, NoSuchContainer, EngineError
        where the source does not run, ImageUnavailable where it has no tool and there is no
        busybox, EngineGone.
        """
        target, port = checked_target(target), checked_port(port)
        identity, name = running_source(self._client, source)
        spoken, where, line = self._tried(identity, name, target, port)
        got = SILENT if spoken.is_silent else understood(spoken.words, spoken.body)
        return Attempt(
            source=name,
            target=target,
            port=port,
            outcome=got.outcome,
            words=got.words,
            status=got.status,
            first_line=got.first_line,
            address=got.address,
            where=where,
            line=line,
            source_id=identity,
        )

    def _tried(self, source: str, name: str, target: str, port: int) -> tuple[Heard, str, str]:
        """What was said, by whom, and the command for the same."""
        wget = (BUSYBOX, *wget_words(target, port))
        if (spoken := heard(self._client, source, wget)) is not None:
            return spoken, IN_IT, exec_line(name, target, port)
        beside = beside_line(name, target, port)
        if (spoken := heard(self._client, source, python_words(target, port))) is not None:
            return spoken, IN_IT, beside
        with self._siblings.running(network_mode=f"container:{source}") as sibling:
            spoken = heard(self._client, sibling, wget)
        if spoken is None:
            raise EngineError("The sibling has no busybox.", "Pull it anew: `docker pull busybox`.")
        return spoken, BESIDE_IT, beside
