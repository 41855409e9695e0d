"""`docker …` as it was typed: run by the docker command, with what the workbook adds.

An image that is missing is supplied first, and what is made gets the label of the lesson, by which
clean-up knows it again. All that it says is handed on word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.project_files import with_project_paths
from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import ClientProcess
from helpers.engine.command.client_program import client_environment, client_program
from helpers.engine.command.disk_use import counted_again, is_disk_use
from helpers.engine.command.followed import Ending, followed
from helpers.engine.command.made_objects import NOTED, NotedCommand
from helpers.engine.command.typed_build import TypedBuild
from helpers.engine.command.typed_compose import TypedCompose
from helpers.engine.container.container import Container
from helpers.errors import CommandFailed, ImageUnavailable, InvalidInput, WorkbookError
from helpers.model.build.report import BuildReport
from helpers.model.command.next_step import NO_PROGRAM, outcome, program_ran, step_after
from helpers.model.command.node_words import chosen_context, step_at, words_there
from helpers.model.command.touched import touched
from helpers.model.command.typed_command import TypedCommand, typed_command
from helpers.model.text.command_line import docker_line
from helpers.model.text.output import Output

if TYPE_CHECKING:
    from helpers.engine.supply import ImageSupply

# What would hold for another engine than a node, which has its own socket.
_OF_OTHERS = ("DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_API_VERSION")
_INTERRUPTED = "Run the cell again to go on; `%docker ps` shows what still runs."
Result = Container | BuildReport | Output


class OpenLesson(Protocol):
    """The lesson in which something is typed."""

    def go_on(self) -> None:
        """It is open, also after a clean-up in its middle; called ahead of each change."""

    def keep_strangers(self, kind: str, names: tuple[str, ...]) -> None:
        """Raises InvalidInput where one of these was on the engine before the lesson."""


class NodeEngine(Protocol):
    """An engine in a container of the workbook's."""

    @property
    def host(self) -> str:
        """Its address; raises InvalidInput where there can be none."""


class NodeEngines(Protocol):
    """All of these."""

    def at(self, name: str) -> NodeEngine | None:
        """That of the node of that name; None where there is no such node."""


@dataclass(frozen=True)
class TypedDocker:
    """Runs typed commands in one lesson on one engine, or on a node of its: `-c node-1`.

    `nodes` tells the engine of a node. A context of the learner's own of such a name is
    not meant as long as that node is there; contexts are never written, and not read for nodes.
    """

    context: EngineContext
    supply: Callable[[], ImageSupply]
    lesson: OpenLesson
    nodes: Callable[[], NodeEngines]

    def run(self, words: Sequence[str], stdin: str | None, on_words: OnPiece) -> Result:
        """What came of it: a container that goes on, a build's report, or its standard output.

        Raises CommandFailed or BuildFailed, where it ended with another exit code than 0,
        InvalidInput for what was there before the lesson, and Interrupted.
        """
        command = typed_command(words)
        if (name := chosen_context(command)) and (node := self.nodes().at(name)):
            return self._on_node(command, name, node, stdin, on_words)
        if not command.is_elsewhere:
            self.lesson.keep_strangers(*touched(command))
        if command.verb == "compose" and not command.is_elsewhere:
            lesson = self.lesson
            compose = TypedCompose(
                *(self.context, self.supply, command, stdin),
                *(lesson.keep_strangers, lesson.go_on, self._passed_on),
            )
            return compose.run(on_words)
        if command.is_elsewhere or command.verb not in (*NOTED, "build"):
            run = partial(self._passed_on, command, command.words, stdin)
            return counted_again(run, on_words) if is_disk_use(command) else run(on_words)
        self.lesson.go_on()
        if command.verb == "build":
            build = TypedBuild(
                self.context, self.supply, command, stdin, self._process, self._passed_on
            )
            return build.run(on_words)
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
        begin: Callable[[], ClientProcess] | None = None,
    ) -> Output:
        """Its standard output; it is also handed on as it comes, with all else that it says."""
        line = docker_line(command.words)
        process = begin() if begin else self._process(words, stdin)
        ending = followed(process, line, on_words, _INTERRUPTED)
        self.context.log.add(line)
        if ending.code:
            raise _failure(command, ending, missing)
        return Output(ending.printed, line, ending.code, ending.seconds)

    def _process(self, words: Sequence[str], stdin: str | None) -> ClientProcess:
        environment = client_environment(self.context.endpoint)
        return ClientProcess([client_program(), *with_project_paths(words)], environment, stdin)

    def _on_node(
        self,
        command: TypedCommand,
        name: str,
        node: NodeEngine,
        stdin: str | None,
        on_words: OnPiece,
    ) -> Output:
        """Its output on that node, to which nothing is supplied, and where nothing is labelled."""
        environment = client_environment(Endpoint(node.host, "a node"))
        kept = {key: value for key, value in environment.items() if key not in _OF_OTHERS}
        words = [client_program(), *with_project_paths(words_there(command))]
        begin = partial(ClientProcess, words, kept, stdin)
        try:
            return self._passed_on(command, command.words, stdin, on_words, begin=begin)
        except CommandFailed as failed:
            step = step_at(name, failed.answer) or failed.next_step
            about = {"command": failed.command, "answer": failed.answer}
            raise CommandFailed(failed.message, step, exit_code=failed.exit_code, **about) from None

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


def _failure(command: TypedCommand, ending: Ending, missing: WorkbookError | None) -> CommandFailed:
    words = ending.words + (ending.printed if ending.code in NO_PROGRAM else "")
    ran = program_ran(command, ending.code, ending.words, ending.printed)
    step = step_after(command, ending.code, ending.words, ending.printed)
    return CommandFailed(
        outcome(command, ending.code, ending.words, ending.printed),
        missing.next_step if missing and not ran else step,
        command=ending.line,
        answer=words,
        exit_code=ending.code,
    )
