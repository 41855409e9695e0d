"""`docker compose …` as it was typed: run by Compose, with what the workbook adds.

Images that are missing are supplied first, and what is made is noted, so that clean-up knows it.
Which project it is, and what is in it, Compose itself is asked.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.origin_ledger import IMAGES, MadeObject, asked_for
from helpers.engine.base.project_files import with_project_paths
from helpers.engine.base.sdk import new_socket
from helpers.engine.build.source import dockerfile_of
from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import ClientProcess
from helpers.engine.command.client_program import client_environment
from helpers.engine.command.compose_health import checks_run
from helpers.engine.command.compose_program import compose_program
from helpers.engine.command.compose_strangers import KeepStrangers, keep_project
from helpers.engine.command.image_tags import leads_to, noted_tags
from helpers.engine.command.labelling_socket import labelling_socket
from helpers.engine.command.made_objects import settle
from helpers.engine.command.typed_build import PassOn
from helpers.errors import ImageUnavailable, InvalidInput, WorkbookError
from helpers.model.build.dockerfile_images import needed_images
from helpers.model.build.refused import refuse_without_stage
from helpers.model.command.compose_command import ComposeCommand, compose_command
from helpers.model.command.compose_project import ComposeProject, ComposeService, read_project
from helpers.model.command.typed_command import TypedCommand
from helpers.model.text.answer_parts import text_in
from helpers.model.text.output import Output

if TYPE_CHECKING:
    from helpers.engine.supply import ImageSupply

_ANSWER_SECONDS = 30.0
# After an interrupt `up` stops its containers, each of which has ten seconds.
_GRACE_SECONDS = (13.0, 2.0)


def compose_process(
    context: EngineContext, words: Sequence[str], stdin: str | None, host: str | None = None
) -> ClientProcess:
    """Compose with these words, spoken to at `host` in place of the engine's own address."""
    path, environment = compose_program(client_environment(context.endpoint))
    if host:
        others = {"DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"}
        kept = {name: value for name, value in environment.items() if name not in others}
        environment = {**kept, "DOCKER_HOST": host}
    return ClientProcess([path, *with_project_paths(words)], environment, stdin, _GRACE_SECONDS)


@dataclass(frozen=True)
class TypedCompose:
    """One typed Compose command in one lesson on one engine."""

    context: EngineContext
    supply: Callable[[], ImageSupply]
    command: TypedCommand
    stdin: str | None
    keep_strangers: KeepStrangers
    go_on: Callable[[], None]
    pass_on: PassOn

    def run(self, on_words: OnPiece) -> Output:
        """What it printed.

        Raises CommandFailed, InvalidInput for what was there before the lesson, and Interrupted.
        """
        typed = compose_command(self.command)
        if not (typed.touches or typed.builds):
            return self._passed_on(on_words)
        name = typed.project or os.environ.get("COMPOSE_PROJECT_NAME", "")
        project = self._project(typed) or ComposeProject(name)
        if typed.touches:
            keep_project(self.context.client, self.keep_strangers, typed, project.name)
        built = tuple(each.image.removesuffix(":latest") for each in project.built)
        self.keep_strangers(IMAGES, built)
        if not typed.builds:
            return self._passed_on(on_words)
        self.go_on()
        missing = self._supplied(typed, project)
        with noted_tags(self.context, built):
            if not typed.makes:
                return self._passed_on(on_words, missing)
            with self._noted() as host, checks_run(self.context, project.name):
                return self._passed_on(on_words, missing, host)

    def _passed_on(
        self, on_words: OnPiece, missing: WorkbookError | None = None, host: str | None = None
    ) -> Output:
        words = self.command.words
        begin = partial(compose_process, self.context, words, self.stdin, host)
        return self.pass_on(self.command, words, self.stdin, on_words, missing, begin)

    def _project(self, typed: ComposeCommand) -> ComposeProject | None:
        """The project as Compose reads it; None where it cannot, and then says so itself."""
        path, environment = compose_program(client_environment(self.context.endpoint))
        words = (*typed.head, "config", "--format", "json", *typed.services)
        try:
            answer = subprocess.run(
                [path, *with_project_paths(words)],
                env=environment,
                input=self.stdin or "",
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_ANSWER_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return read_project(answer.stdout)

    def _supplied(self, typed: ComposeCommand, project: ComposeProject) -> WorkbookError | None:
        """Brings the images that are missing; why one could not be, or None.

        Then the command is run all the same: its own words on it come first.
        """
        wanted = [*self._images(typed, project)]
        for service in project.built:
            if self._is_built(typed, service):
                wanted += _bases(service)
        try:
            self.supply().ensure_all(wanted, self.context.listeners.on_supply)
        except (ImageUnavailable, InvalidInput) as error:
            return error
        return None

    def _images(self, typed: ComposeCommand, project: ComposeProject) -> tuple[str, ...]:
        pulls = typed.values("pull")[-1:] in (["always"], ["never"])
        return () if pulls or not typed.makes else project.supplied_images

    def _is_built(self, typed: ComposeCommand, service: ComposeService) -> bool:
        if typed.verb in ("build", "watch") or typed.has("build"):
            return True
        return not (typed.has("no-build") or leads_to(self.context.client, service.image))

    @contextmanager
    def _noted(self) -> Iterator[str | None]:
        """The address at which all that is asked for is noted, with its token as a label."""
        client, notes = self.context.client, list[MadeObject]()

        def labels(kind: str, wanted: Mapping[str, Any]) -> Mapping[str, str]:
            about = {"name": text_in(wanted, "Name"), "image": text_in(wanted, "Image")}
            notes.append(asked_for(client, self.context.lesson, kind, **about))
            return notes[-1].labels

        with ExitStack() as stack:
            host = stack.enter_context(labelling_socket(partial(new_socket, client), labels))
            try:
                yield host
            finally:
                for note in notes:
                    settle(client, note)


def _bases(service: ComposeService) -> list[str]:
    """The images that its build needs; raises InvalidInput for a build that ends some engines."""
    build = service.build
    dockerfile = build and dockerfile_of(build.context, build.dockerfile, build.text)
    if not build or not dockerfile:
        return []
    refuse_without_stage(dockerfile)
    return [need.name for need in needed_images(dockerfile, build.arguments, build.target)]
