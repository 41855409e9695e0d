"""What the docker command itself would offer where the cursor is."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.command.client_program import client_environment, client_program
from helpers.engine.command.compose_program import compose_program
from helpers.errors import SetupFailed

_ANSWER_SECONDS = 3.0


def offered(endpoint: Endpoint, words: Sequence[str], begun: str) -> list[str]:
    """What may follow these words and begins like that; nothing where it does not answer.

    Source: spf13/cobra, `__complete`: a line each, a description behind a tab, `:N` at last.
    """
    try:
        program, environment = client_program(), client_environment(endpoint)
        if "compose" in words[:1]:
            program, environment = compose_program(environment)
        answer = subprocess.run(
            [program, "__complete", *words, begun],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired, SetupFailed):
        return []
    lines = [line.partition("\t")[0] for line in answer.stdout.splitlines()]
    return [line for line in lines if line.startswith(begun) and not line.startswith(":")]
