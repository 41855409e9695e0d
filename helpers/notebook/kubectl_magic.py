"""`%kubectl` and `%%kubectl`: the kubectl command in a cell, for the cluster of `kubernetes()`."""

from __future__ import annotations

import sys

from helpers.model.command.cell_words import cell_words
from helpers.notebook.docker_magic import ShownOutput, learners_values, register_magic, show, shown
from helpers.notebook.session import current_engine


def kubectl(line: str, cell: str | None = None) -> ShownOutput:
    """What kubectl printed; the rest of the cell is its standard input."""
    words = cell_words(line, learners_values(), "kubectl")
    output = current_engine().kubectl.run(words, cell, show)
    sys.stdout.flush()
    sys.stderr.flush()
    return shown(output)


def register_kubectl_magic() -> None:
    """Makes both known to this kernel; nothing outside of IPython."""
    register_magic(kubectl, "kubectl")
