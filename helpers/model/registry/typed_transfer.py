"""A push or a pull as the docker command prints it where its output is no terminal.

Source: docker/cli, which then prints `id: status` for each message, and `tag: digest: …` at a
push's end, `Digest: …` at a pull's.
"""

from __future__ import annotations

import re
import shlex

from helpers.model.registry.transfer import TransferProgress

_LAYER = re.compile(r"([0-9a-f]{12}): (.+)")
_VERBS = ("push", "pull")


def typed_transfer(command: str, printed: str) -> TransferProgress | None:
    """How the push or pull of that line ended; None where it was neither, or told nothing."""
    words = [word for word in shlex.split(command) if not word.startswith("-")]
    verbs = [word for word in words[1:3] if word in _VERBS]
    if not verbs or words[-1] == verbs[0]:
        return None
    progress = TransferProgress(verbs[0], words[-1])
    for line in printed.splitlines():
        if layer := _LAYER.fullmatch(line.strip()):
            progress = progress.after({"id": layer[1], "status": layer[2]})
        else:
            progress = progress.after({"status": line})
    return progress
