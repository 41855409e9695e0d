"""`kubectl …` as it was typed: run in the cluster's container, with the learner's files.

The kubectl of this machine, and what it knows of other clusters, has no part in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.exec_output import exec_output, prepared_exec
from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import ClientProcess
from helpers.engine.command.client_program import client_environment, client_program
from helpers.engine.command.followed import followed
from helpers.engine.kubernetes.cluster import Cluster
from helpers.engine.kubernetes.sent_files import sent_files
from helpers.errors import CommandFailed, InvalidInput
from helpers.model.kubernetes.container import NAME
from helpers.model.kubernetes.kubectl_words import (
    is_endless,
    kubectl_line,
    kubectl_outcome,
    kubectl_step,
)
from helpers.model.text.command_line import docker_line
from helpers.model.text.output import Output

_INTERRUPTED = "Run the cell again to go on; `%kubectl get all` shows what there is."
# kubectl in the folder $1, its number noted there, so that it can be ended with its cell.
_RUN = 'cd "$1" && echo $$ > .number && shift && exec kubectl "$@"'
_END = 'kill $(cat "$1/.number") 2> /dev/null; rm -rf "$1"'


@dataclass(frozen=True)
class TypedKubectl:
    """Runs typed commands in one cluster."""

    context: EngineContext
    cluster: Cluster

    def run(self, words: Sequence[str], stdin: str | None, on_words: OnPiece) -> Output:
        """What it printed; all that it says is also handed on, word for word.

        Raises CommandFailed, where it ended with another exit code than 0, InvalidInput for what
        never ends, or where there is no cluster, NotReady and Interrupted.
        """
        line = kubectl_line(words)
        if is_endless(words):
            raise InvalidInput(
                f"`{line}` goes on until somebody ends it, and a cell waits for its end.",
                "Type it in a terminal: "
                f"`{docker_line('exec', '--interactive', '--tty', NAME, 'kubectl', *words)}`.",
            )
        self.cluster.check_running()
        folder = f"/tmp/kubectl-{secrets.token_hex(6)}"
        sent = sent_files(words)
        try:
            with translated(docker_line("cp", "-", f"{NAME}:{folder}")):
                self.context.client.api.put_archive(NAME, "/", sent.archive(folder))
            process = self._process(folder, sent.words, stdin)
            ending = followed(process, line, on_words, _INTERRUPTED)
        finally:
            self._end(folder)
        self.context.log.add(line)
        if ending.code:
            answer = ending.words
            raise CommandFailed(
                kubectl_outcome(words, answer, ending.code),
                kubectl_step(answer),
                exit_code=ending.code,
                command=line,
                answer=answer,
            )
        return Output(ending.printed, line, ending.code, ending.seconds)

    def _process(self, folder: str, words: Sequence[str], stdin: str | None) -> ClientProcess:
        options = [] if stdin is None else ["--interactive"]
        inside = ["sh", "-c", _RUN, "kubectl", folder, *words]
        environment = client_environment(self.context.endpoint)
        return ClientProcess(
            [client_program(), "exec", *options, NAME, *inside], environment, stdin
        )

    def _end(self, folder: str) -> None:
        """Nothing of it runs or is left in the container, where that is still there."""
        with suppress(CommandFailed, Exception), translated(docker_line("exec", NAME, "rm")):
            client = self.context.client
            exec_output(client, prepared_exec(client, NAME, ["sh", "-c", _END, "sh", folder]))
