"""The doctor's checks of an engine: it runs a container, it builds, it has room."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.doctor import engine_rows
from helpers.doctor.check import Check
from helpers.doctor.engine_kind import engine_kind
from helpers.doctor.examined_engine import ExaminedEngine
from helpers.doctor.network_checks import NetworkChecks, network_jobs_without
from helpers.doctor.own_engine_row import NAME, TITLE, own_engine_check
from helpers.doctor.registry_check import registry_check, supplies_of
from helpers.doctor.timed_checks import Job
from helpers.engine.base.answers import translated
from helpers.engine.base.engine_identity import identity_format, identity_of
from helpers.engine.base.engine_info import info_of, version_of
from helpers.engine.base.folders import cache_dir
from helpers.engine.base.labels import PRIVATE_LABEL
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.project_files import ROOT
from helpers.engine.command.compose_program import compose_release
from helpers.engine.features.features import features_of
from helpers.engine.features.probe_containers import run_probe
from helpers.engine.host.docker_command import docker_command
from helpers.engine.host.machine import disks
from helpers.engine.supply.image_supply import ImageSupply
from helpers.engine.supply.image_tools import tools_are_here
from helpers.errors import ImageUnavailable
from helpers.model.features.feature import Features
from helpers.model.image.tool_image import TOOL_IMAGE
from helpers.model.text.answer_parts import text_in, texts_of

if TYPE_CHECKING:
    from docker import DockerClient

_PROBE_SECONDS = 60.0
_REGISTRY_SECONDS = 15.0
_ARCHIVE_SECONDS = 30.0
_NO_IMAGE = f"there is no {TOOL_IMAGE} to run"


def jobs_without_engine(problem: Check) -> list[Job]:
    """The same rows where there is no engine: its problem, the command, this machine's disks."""
    return [
        Job("engine", "Engine", lambda: problem, if_cut="problem"),
        *network_jobs_without("there is no engine"),
        Job("builder", "Builder", lambda: engine_rows.not_looked_at("builder", "Builder")),
        Job("command", "docker command", lambda: engine_rows.command_row(docker_command())),
        Job("compose", "Compose", lambda: engine_rows.compose_row(compose_release())),
        Job("memory", "Memory", lambda: engine_rows.not_looked_at("memory", "Memory")),
        Job("disk", "Disk", lambda: engine_rows.disk_row(disks(_folders({})))),
        Job("registry", "Docker Hub", lambda: registry_check(None), _REGISTRY_SECONDS),
        Job("features", "Features", _no_features),
    ]


class EngineChecks:
    """The checks of one engine that answers; `refresh` tries its features anew.

    Brings the image that is tried with, if need be. Raises WorkbookError.
    """

    def __init__(self, engine: ExaminedEngine, client: DockerClient, refresh: bool) -> None:
        self._examined = engine
        self._client = client
        self._refresh = refresh
        self._features: Future[Features] = Future()
        self._ran: Future[None] = Future()
        with translated("docker info"):
            self._info: Mapping[str, Any] = info_of(client)
            self._kind = engine_kind(self._info, version_of(client))
        self._without_image = _image_brought(client) if self._runs_linux else None

    def jobs(self) -> list[Job]:
        """The checks, to be made side by side."""
        return [
            Job("engine", "Engine", self._engine, _PROBE_SECONDS, "problem"),
            *self._network_jobs(),
            Job("builder", "Builder", self._builder, _PROBE_SECONDS),
            Job("command", "docker command", self._command, 25),
            Job("compose", "Compose", self._compose, 25),
            Job("memory", "Memory", lambda: engine_rows.memory_row(self._info)),
            Job("disk", "Disk", self._disk),
            Job("registry", "Docker Hub", self._registry, _REGISTRY_SECONDS),
            Job("features", "Features", self._tried, _PROBE_SECONDS),
            *self._own_engine(),
        ]

    @property
    def features(self) -> Features:
        """The features, once they were tried; empty where they are not known."""
        is_known = self._features.done() and not self._features.exception()
        return self._features.result() if is_known else Features()

    @property
    def _runs_linux(self) -> bool:
        return (text_in(self._info, "OSType") or "linux") == "linux"

    @property
    def _is_local(self) -> bool:
        choice = self._examined.choice
        return choice is not None and choice.endpoint.is_local

    def _engine(self) -> Check:
        if not self._runs_linux:
            return engine_rows.windows_containers()
        words = engine_rows.engine_words(self._examined, self._info, self._kind)
        if self._without_image:
            return engine_rows.untried_engine(words, self._without_image)
        began = time.monotonic()
        try:
            run_probe(self._client)
        except BaseException as error:
            self._ran.set_exception(error)
            raise
        self._ran.set_result(None)
        return engine_rows.engine_row(words, time.monotonic() - began)

    def _network_jobs(self) -> list[Job]:
        if not self._runs_linux:
            return network_jobs_without("the engine runs Windows containers")
        if self._without_image:
            return network_jobs_without(_NO_IMAGE)
        return NetworkChecks(self._client, self._kind, self._is_local, self._ran).jobs()

    def _own_engine(self) -> list[Job]:
        """One more job where the engine is the workbook's own."""
        private = self._examined.choice.private if self._examined.choice else None
        if private is None:
            return []
        release = private.release
        return [Job(NAME, TITLE, lambda: own_engine_check(release), _ARCHIVE_SECONDS)]

    def _builder(self) -> Check:
        if self._without_image:
            return engine_rows.not_looked_at("builder", "Builder", _NO_IMAGE)
        return engine_rows.builder_row(self._features.result(_PROBE_SECONDS))

    def _command(self) -> Check:
        choice, identity = self._examined.choice, identity_of(self._info)
        asked_for = identity_format(self._info)
        plain = docker_command(None, asked_for)
        if choice is None or (plain and plain.engine_id == identity):
            return engine_rows.command_row(plain, identity)
        led = docker_command(choice.environment(), asked_for)
        [variable] = (f"{name}={value}" for name, value in choice.endpoint.environment().items())
        return engine_rows.command_row(plain, identity, led, variable)

    def _compose(self) -> Check:
        choice = self._examined.choice
        return engine_rows.compose_row(compose_release(choice.environment() if choice else None))

    def _disk(self) -> Check:
        return engine_rows.disk_row(disks(_folders(self._info if self._is_local else {})))

    def _registry(self) -> Check:
        with translated("docker images"):
            images = images_of(self._client.api)
        tags = [tag for image in images for tag in image.tags]
        is_private = PRIVATE_LABEL in texts_of(self._info, "Labels")
        return registry_check(supplies_of(tags, is_private))

    def _tried(self) -> Check:
        if self._without_image:
            return engine_rows.not_looked_at("features", "Features", _NO_IMAGE)
        try:
            features = features_of(self._client, refresh=self._refresh)
        except BaseException as error:
            self._features.set_exception(error)
            raise
        self._features.set_result(features)
        return engine_rows.features_row(features)


def _image_brought(client: DockerClient) -> ImageUnavailable | None:
    """None once the engine has the image; else why no source gave it.

    The doctor fetches no tools, so a stand-in counts only where its tools are there.
    """
    allowed = None if tools_are_here() else False
    try:
        ImageSupply(client, allow_stand_ins=allowed).ensure(TOOL_IMAGE)
    except ImageUnavailable as error:
        return error
    return None


def _folders(info: Mapping[str, Any]) -> list[tuple[str, Path]]:
    """The folders that lessons fill; the engine's own only where it is on this machine."""
    root = Path(text_in(info, "DockerRootDir"))
    engine = [("the engine", root)] if root.is_absolute() and root.exists() else []
    return [*engine, ("this project", ROOT), ("the cache", cache_dir())]


def _no_features() -> Check:
    return engine_rows.not_looked_at("features", "Features")
