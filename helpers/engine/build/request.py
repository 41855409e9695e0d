"""A build asked of the engine by a request of our own, over a session where it has one."""

from __future__ import annotations

import json
import secrets as randomness
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.labels import labels_for
from helpers.engine.build.pack import packed_source
from helpers.engine.build.progress import BuildProgress
from helpers.engine.build.secrets import secret_readers
from helpers.engine.build.sent_secrets import sent_secrets
from helpers.engine.build.session import BuildSession, open_session
from helpers.engine.build.source import BuildSource
from helpers.engine.build.stream import BuildStream, Stream
from helpers.engine.build.walk import readable
from helpers.errors import InvalidInput
from helpers.model.build.settings import BuildSettings


@dataclass(frozen=True)
class BuildRequest:
    """One build of that source by these settings."""

    engine: EngineContext
    settings: BuildSettings
    source: BuildSource

    def carry_out(
        self,
        progress: BuildProgress,
        began: float,
        follow: Callable[[Stream, BuildProgress], None],
    ) -> None:
        """Has it built while `follow` listens; raises what kept a file from being sent."""
        session = self._session(progress)
        with closing(session) if session else nullcontext():
            follow(self._stream(progress, session, began), progress)
        # The session is closed by now: its thread notes the files that it sends.
        if session and session.problems:
            raise readable(session.problems[0])

    def _session(self, progress: BuildProgress) -> BuildSession | None:
        settings, source = self.settings, self.source
        secrets = secret_readers(settings.secrets)
        session = None
        if settings.buildkit is not False:
            session = open_session(self.engine.client, source, secrets, progress.take_sent)
        if session is None and secrets and not is_podman(self.engine.info):
            step = "Use Docker Engine with BuildKit, over a socket of this machine."
            raise InvalidInput("Secrets need BuildKit, which cannot be had here.", step)
        return session

    def _stream(
        self, progress: BuildProgress, session: BuildSession | None, began: float
    ) -> BuildStream:
        """The request to build, with the context in it where there is no session to ask."""
        settings, source = self.settings, self.source
        build_id = randomness.token_hex(16)
        if session is None:
            files, where = sent_secrets(secret_readers(settings.secrets))
            name, body = packed_source(source, progress.take_entry, files)
        else:
            name, body = source.file_name, iter((b"",))
            where = {"session": session.identity, "remote": "client-session"}
        query = self._query(build_id, name) | where
        return BuildStream(self.engine.client, build_id, query, body, began)

    def _query(self, build_id: str, dockerfile: str) -> dict[str, str]:
        settings = self.settings
        labels = {**labels_for(self.engine.lesson), **settings.label_texts}
        wanted = {
            "version": "1" if settings.buildkit is False else "2",
            "buildid": build_id,
            "t": settings.tag,
            "dockerfile": dockerfile,
            "buildargs": json.dumps(settings.arguments),
            "labels": json.dumps(labels),
            "nocache": "1" if settings.no_cache else "",
            "pull": "1" if settings.pull else "",
            "target": settings.target or "",
            "platform": settings.platform or "",
            "networkmode": settings.network or "",
            "rm": "1",
            "forcerm": "1",
        }
        return {name: value for name, value in wanted.items() if value}
