"""`docker …` as it was typed: run by the docker command, with what the workbook adds.

An image that is missing is supplied first, and what is made gets the label of the lesson, by which
clean-up knows it again. All that it says is handed on word for word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.labels import labels_for
from helpers.engine.base.project_files import with_project_paths
from helpers.engine.build.builder import Builder
from helpers.engine.build.source import dockerfile_of, open_source
from helpers.engine.command.build_stream import CommandStream, OnPiece
from helpers.engine.command.client_process import ClientProcess
from helpers.engine.command.client_program import (
    client_environment,
    client_program,
    tells_raw_progress,
)
from helpers.engine.command.disk_use import counted_again, is_disk_use
from helpers.engine.command.made_objects import NOTED, NotedCommand
from helpers.engine.container.container import Container
from helpers.errors import CommandFailed, ImageUnavailable, Interrupted, InvalidInput, WorkbookError
from helpers.model.build.refused import refuse_without_stage
from helpers.model.build.report import BuildReport
from helpers.model.command.next_step import NO_PROGRAM, outcome, step_after
from helpers.model.command.touched import touched
from helpers.model.command.typed_build import build_settings
from helpers.model.command.typed_command import TypedCommand, typed_command
from helpers.model.text.command_line import docker_line
from helpers.model.text.output import Output

if TYPE_CHECKING:
    from helpers.engine.supply import ImageSupply
    from helpers.model.build.settings import BuildSettings

_INTERRUPTED = "Run the cell again to go on; `%docker ps` shows what still runs."
Result = Container | BuildReport | Output


class OpenLesson(Protocol):
    """The lesson in which something is typed."""

    def go_on(self) -> None:
        """It is open, also after a clean-up in its middle; called ahead of each change."""

    def keep_strangers(self, kind: str, names: tuple[str, ...]) -> None:
        """Raises InvalidInput where one of these was on the engine before the lesson."""


@dataclass(frozen=True)
class TypedDocker:
    """Runs typed commands in one lesson on one engine."""

    context: EngineContext
    supply: Callable[[], ImageSupply]
    lesson: OpenLesson

    def run(self, words: Sequence[str], stdin: str | None, on_words: OnPiece) -> Result:
        """What came of it: a container that goes on, a build's report, or its standard output.

        Raises CommandFailed or BuildFailed, where it ended with another exit code than 0,
        InvalidInput for what was there before the lesson, and Interrupted.
        """
        command = typed_command(words)
        if not command.is_elsewhere:
            self.lesson.keep_strangers(*touched(command))
        if command.is_elsewhere or command.verb not in (*NOTED, "build"):
            run = partial(self._passed_on, command, command.words, stdin)
            return counted_again(run, on_words) if is_disk_use(command) else run(on_words)
        self.lesson.go_on()
        if command.verb == "build":
            return self._build(command, stdin, on_words)
        missing = self._supplied(command)
        noted = NotedCommand(self.context, command)
        try:
            output = self._passed_on(command, noted.words, stdin, on_words, missing)
        finally:
            noted.settle()
        if command.is_detached and noted.made:
            return Container(self.context.client, noted.made, self.context.log, output.command)
        return output

    def _passed_on(
        self,
        command: TypedCommand,
        words: Sequence[str],
        stdin: str | None,
        on_words: OnPiece,
        missing: WorkbookError | None = None,
    ) -> Output:
        """Its standard output; it is also handed on as it comes, with all else that it says."""
        line = docker_line(command.words)
        began = time.monotonic()
        process = self._process(words, stdin)
        output: dict[bool, list[str]] = {True: [], False: []}
        try:
            for piece in process.pieces():
                if piece is not None:
                    output[piece.is_error].append(piece.text)
                    on_words(piece)
        except KeyboardInterrupt:
            process.stop()
            raise Interrupted(f"`{line}` was interrupted.", _INTERRUPTED) from None
        except BaseException:
            process.stop()
            raise
        self.context.log.add(line)
        if code := process.ended():
            # Where the program could not begin, `docker exec` says why on standard output.
            words = "".join(output[True] + (output[False] if code in NO_PROGRAM else []))
            raise _failure(command, line, code, words, missing)
        return Output("".join(output[False]), line, code, time.monotonic() - began)

    def _build(self, command: TypedCommand, stdin: str | None, on_words: OnPiece) -> Result:
        labels = (f"{name}={value}" for name, value in labels_for(self.context.lesson).items())
        labelled = command.with_options(*(word for label in labels for word in ("--label", label)))
        _refuse_harm(command, stdin)
        settings = build_settings(command, stdin)
        if settings is None or not _can_be_read(settings):
            return self._passed_on(command, labelled, stdin, on_words)
        environment = client_environment(self.context.endpoint)
        is_raw = tells_raw_progress(environment)
        words = _with_progress(command, labelled) if is_raw else labelled
        line = docker_line(command.words)

        def carried(began: float) -> CommandStream:
            return CommandStream(self._process(words, stdin), is_raw, on_words, began)

        try:
            report = Builder(self.context, self.supply()).build(
                settings, carried, line, is_classic=not is_raw
            )
        except ImageUnavailable as missing:
            return self._passed_on(command, labelled, stdin, on_words, missing)
        except WorkbookError:
            self.context.log.add(line)
            raise
        self.context.log.add(line)
        return report

    def _process(self, words: Sequence[str], stdin: str | None) -> ClientProcess:
        environment = client_environment(self.context.endpoint)
        return ClientProcess([client_program(), *with_project_paths(words)], environment, stdin)

    def _supplied(self, command: TypedCommand) -> WorkbookError | None:
        """Brings the image that a container is asked of; why that could not be, or None.

        Then the command is run all the same: its own words on it come first.
        """
        if command.verb not in ("run", "create") or not command.arguments:
            return None
        if command.values("pull")[-1:] in (["always"], ["never"]) or command.has("help"):
            return None
        try:
            self.supply().ensure(command.arguments[0], self.context.listeners.on_supply)
        except (ImageUnavailable, InvalidInput) as error:
            return error
        return None


def _failure(
    command: TypedCommand, line: str, code: int, words: str, missing: WorkbookError | None
) -> CommandFailed:
    step = missing.next_step if missing else step_after(command, code, words)
    return CommandFailed(outcome(command, code), step, command=line, answer=words, exit_code=code)


def _refuse_harm(command: TypedCommand, stdin: str | None) -> None:
    """Raises InvalidInput for a Dockerfile that would end some engines; all else is docker's."""
    if len(command.arguments) == 1 and not command.has("help"):
        files = command.values("file", "f")
        file = files[-1] if files else None
        if dockerfile := dockerfile_of(command.arguments[0], file, stdin):
            refuse_without_stage(dockerfile)


def _can_be_read(settings: BuildSettings) -> bool:
    """Whether there is a Dockerfile to read; where not, the docker command says so."""
    with suppress(InvalidInput):
        open_source(settings)
        return True
    return False


def _with_progress(command: TypedCommand, words: Sequence[str]) -> tuple[str, ...]:
    at = len(command.head)
    return (*words[:at], "--progress", "rawjson", *words[at:])
