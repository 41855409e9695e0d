"""Dockerfiles that nothing can be built from, and that end some engines: refused before.

BuildKit of Docker Engine before 27 looks for the last stage of a Dockerfile without any, and the
engine ends with it (github.com/moby/moby, issue 49858).
"""

from __future__ import annotations

import re

from helpers.errors import InvalidInput
from helpers.model.build.dockerfile import Dockerfile

_DOCKERFILES_OWN = re.compile(r"(?:docker\.io/)?docker/dockerfile(?:-upstream)?(?:[:@].*)?")
_OLD_LINE_ENDS = re.compile(r"\r(?!\n|\r*$)")


def refuse_without_stage(dockerfile: Dockerfile) -> None:
    """Raises InvalidInput for a Dockerfile with no FROM, unless it is of another language."""
    if dockerfile.frontend and not _DOCKERFILES_OWN.fullmatch(dockerfile.frontend):
        return
    if not dockerfile.text.strip():
        raise InvalidInput("The Dockerfile is empty.", "It begins with `FROM` and an image.")
    if "\n" not in dockerfile.text and _OLD_LINE_ENDS.search(dockerfile.text):
        raise InvalidInput(
            "The lines of the Dockerfile end with a carriage return alone (CR), so it is one line.",
            "Save it with line ends of Unix (LF) or Windows (CR LF).",
        )
    if not dockerfile.instructions:
        raise InvalidInput(
            "The Dockerfile has no instruction.", "It begins with `FROM` and an image."
        )
    if not dockerfile.stages:
        raise InvalidInput(
            "The Dockerfile has no `FROM`, so there is nothing to build.",
            "Write `FROM` and an image; only ARG may stand before it.",
        )
