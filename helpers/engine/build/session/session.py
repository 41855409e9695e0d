"""A session for one build: what it lets the builder ask for."""

from __future__ import annotations

import hashlib
import secrets as randomness
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from helpers.engine.build.protobuf import field, fields_of, text
from helpers.engine.build.session.call import NOT_FOUND, Call, CallFailed, Metadata, Question
from helpers.engine.build.session.file_sync import FileSync, OnSent
from helpers.engine.build.session.hijack import hijacked
from helpers.engine.build.session.ignore_file import ignore_file
from helpers.engine.build.session.login import login
from helpers.engine.build.session.sent_files import SentFile, sent_files, text_file
from helpers.engine.build.session.server import Service, SessionServer
from helpers.engine.build.source import IGNORE_FILE, BuildSource
from helpers.engine.build.walk import walk
from helpers.errors import EngineError, WorkbookError
from helpers.model.build.copied_files import sources_of
from helpers.model.build.dockerignore import ignore_rules

if TYPE_CHECKING:
    from docker import DockerClient

_SERVING = field(1, 1)
_HEALTH = "/grpc.health.v1.Health/Check"
_FILES = "/moby.filesync.v1.FileSync/DiffCopy"
_LOGIN = "/moby.filesync.v1.Auth/Credentials"
_SECRET = "/moby.buildkit.secrets.v1.Secrets/GetSecret"


@dataclass(frozen=True)
class BuildSession:
    """An open session; `identity` is named in the request to build."""

    identity: str
    server: SessionServer
    problems: list[Exception]

    def close(self) -> None:
        """Ends it."""
        self.server.close()


def open_session(
    client: DockerClient,
    source: BuildSource,
    secrets: Mapping[str, Callable[[], bytes]],
    on_sent: OnSent,
) -> BuildSession | None:
    """A session that serves the files of the source and the secrets {id: what reads it}.

    None where the engine has no such thing, or is not reached over a plain socket.
    """
    problems: list[Exception] = []

    def question(answer: Callable[[bytes], bytes]) -> Service:
        return lambda _: Question(answer, lambda error: problems.append(_readable(error)))

    services: dict[str, Service] = {
        _HEALTH: question(lambda _: _SERVING),
        _FILES: lambda metadata: transfer(metadata, source, on_sent, problems),
        _LOGIN: question(lambda asked: login(client, asked)),
        _SECRET: question(lambda asked: _secret(secrets, asked)),
    }
    identity = randomness.token_hex(16)
    switched = hijacked(client, "/session", _headers(identity, source, services))
    if switched is None:
        return None
    server = SessionServer(*switched, services)
    server.start()
    return BuildSession(identity, server, problems)


def _readable(error: Exception) -> WorkbookError:
    """The error for a question of the builder that could not be answered."""
    if isinstance(error, WorkbookError):
        return error
    what = f"The builder asked for something that failed here ({type(error).__name__}: {error})."
    return EngineError(what, "Build again.")


def _headers(
    identity: str, source: BuildSource, services: Mapping[str, Service]
) -> list[tuple[str, str]]:
    prefix = "X-Docker-Expose-Session"
    return [
        ("Upgrade", "h2c"),
        (f"{prefix}-Uuid", identity),
        (f"{prefix}-Name", "docker-workbook"),
        (f"{prefix}-Sharedkey", _shared_key(source)),
        *((f"{prefix}-Grpc-Method", name) for name in services),
    ]


def _shared_key(source: BuildSource) -> str:
    """By what the engine knows a folder again whose files it has already."""
    where = f"{socket.gethostname()}:{Path.home()}:{source.folder or ''}"
    return hashlib.sha256(where.encode("utf-8", "surrogateescape")).hexdigest()


def transfer(
    metadata: Metadata, source: BuildSource, on_sent: OnSent, problems: list[Exception]
) -> Call:
    """The transfer that the builder asks for: the context, or what says how to build it."""
    if _values(metadata, "dir-name") == ["context"]:
        excluded = _values(metadata, "exclude-patterns")
        wanted = _wanted(_values(metadata, "followpaths"))
        if wanted == {IGNORE_FILE} and not excluded:
            listener = on_sent if _copies_ignore_file(source) else _nothing
            return FileSync(sent_files(ignore_file(source.folder)), listener, problems.append)
        rules = ignore_rules(excluded)
        entries = walk(source.folder, rules, wanted) if source.folder else iter(())
        return FileSync(sent_files(entries), on_sent, problems.append)
    return FileSync(_build_files(source), _nothing, problems.append)


def _copies_ignore_file(source: BuildSource) -> bool:
    """Whether the build copies it by its name: the builder asks for it in the same words then."""
    is_asked_for = any(IGNORE_FILE in sources_of(one) for one in source.dockerfile.instructions)
    return is_asked_for and not source.ignore.excludes_path(IGNORE_FILE)


def _wanted(paths: list[str]) -> frozenset[str]:
    """The paths that the build needs, without what is in them; empty for all.

    One with a wildcard, or above the context, makes it all: sending more than is needed is safe.
    """
    clean = {path.strip("/") for path in paths}
    plain = all(path and not set(path) & set("*?[\\") and ".." not in path for path in clean)
    return frozenset(clean) if plain else frozenset()


def _build_files(source: BuildSource) -> Iterator[SentFile]:
    """The Dockerfile, and the .dockerignore that goes with it alone."""
    name = source.file_name
    yield text_file(name, source.content)
    if source.own_ignore is not None:
        yield text_file(f"{name}.dockerignore", source.own_ignore)


def _nothing(file: SentFile, size_bytes: int, digest: str) -> None:
    """Nothing: nobody listens."""


def _values(metadata: Metadata, name: str) -> list[str]:
    """The values of a header; those with special letters are quoted as in an address."""
    values = list(metadata.get(name, ()))
    is_quoted = metadata.get(f"{name}-encoded") == ("1",)
    return (
        [unquote_plus(value, errors="surrogateescape") for value in values] if is_quoted else values
    )


def _secret(secrets: Mapping[str, Callable[[], bytes]], asked: bytes) -> bytes:
    name = text(fields_of(asked), 1)
    if name not in secrets:
        raise CallFailed(NOT_FOUND, f"secret {name}: not found")
    return field(1, secrets[name]())
