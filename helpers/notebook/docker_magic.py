"""`%docker` and `%%docker`: the docker command in a cell, as one types it in a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from helpers.engine.command.client_process import Piece
from helpers.engine.container.container import Container
from helpers.model.build.report import BuildReport
from helpers.model.command.cell_words import cell_words
from helpers.model.command.typed_command import typed_command
from helpers.model.text.output import Output
from helpers.notebook.compose_screen import ComposeScreen
from helpers.notebook.docker_completion import BEGINNING, completions
from helpers.notebook.session import current_engine
from helpers.views.kit.mode import is_live

_SAYS_NOTHING = re.compile(r"\s*(?:#|$)")
_MAGIC = re.compile(r"%%(?:docker|kubectl)(?:\s|$)")


class ShownOutput(Output):
    """A command's standard output, which stands below the cell already."""

    __slots__ = ()

    def _ipython_display_(self) -> None:
        """Shows nothing a second time."""


def docker(line: str, cell: str | None = None) -> Container | BuildReport | ShownOutput:
    """Runs a docker command; the rest of the cell is its standard input.

    A run that goes on gives its Container, a build its BuildReport, all else what it printed.
    """
    result = _run(cell_words(line, learners_values()), cell)
    sys.stdout.flush()
    sys.stderr.flush()
    return shown(result) if isinstance(result, Output) else result


def shown(output: Output) -> ShownOutput:
    """The same, as the value of a cell that has it above already."""
    return ShownOutput(output, output.command, output.exit_code, output.seconds)


def _run(words: tuple[str, ...], cell: str | None) -> Container | BuildReport | Output:
    typed = current_engine().typed
    if typed_command(words).verb != "compose":
        return typed.run(words, cell, show)
    screen = ComposeScreen(show, is_live())
    try:
        return typed.run(words, cell, screen.take)
    finally:
        screen.end()


def register_docker_magic() -> None:
    """Makes both known to this kernel, with completion; nothing outside of IPython."""
    register_magic(docker, "docker")
    if shell := _shell():
        shell.set_hook("complete_command", completions, re_key=BEGINNING.pattern)


def register_magic(run: Callable[..., object], name: str) -> None:
    """Makes a magic of that name, for a line and for a cell; nothing outside of IPython."""
    shell = _shell()
    if shell is None:
        return
    # IPython must not read `{{.Names}}` and `$NAME` before the words are apart.
    run._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    shell.register_magic_function(run, "line_cell", name)
    if from_the_magic not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(from_the_magic)


def from_the_magic(lines: list[str]) -> list[str]:
    """The lines of a cell from such a magic on, where only comments and blank lines stand above.

    IPython itself takes it for the magic of a cell in the first line alone.
    """
    written = (at for at, line in enumerate(lines) if not _SAYS_NOTHING.match(line))
    first = next(written, 0)
    return lines[first:] if lines and _MAGIC.match(lines[first]) else lines


def show(piece: Piece) -> None:
    """Its text stands below the cell."""
    stream = sys.stderr if piece.is_error else sys.stdout
    stream.write(piece.text)


def learners_values() -> Mapping[str, object]:
    """The learner's own variables."""
    shell = _shell()
    if shell is None:
        return {}
    hidden = shell.user_ns_hidden
    return {name: value for name, value in shell.user_ns.items() if name not in hidden}


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
