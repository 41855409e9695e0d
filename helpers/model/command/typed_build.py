"""What a typed `docker build` asks for, as far as its report needs to know it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from helpers.errors import InvalidInput
from helpers.model.build.settings import STDIN, BuildSettings
from helpers.model.command.typed_command import TypedCommand

# With one of these it prints something else than steps, or what it makes goes elsewhere.
_OTHER_OUTPUT = (
    "check", "call", "print", "help", "progress", "output", "o", "metadata-file",
)  # fmt: skip
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*://|git@|github\.com/)", re.IGNORECASE)


def build_settings(command: TypedCommand, stdin: str | None) -> BuildSettings | None:
    """The settings of that build; None where a timeline would be wrong or knows too little."""
    if len(command.arguments) != 1 or any(command.values(name) for name in _OTHER_OUTPUT):
        return None
    (context,) = command.arguments
    if _ELSEWHERE.match(context):
        return None
    file = _last(command.values("file", "f"))
    try:
        return BuildSettings(
            context=context,
            tag=(command.values("tag", "t") or [""])[0],
            stdin=stdin if STDIN in (context, file) else None,
            dockerfile=file,
            target=_last(command.values("target")),
            build_args=_arguments(command),
            no_cache=command.has("no-cache"),
            pull=command.has("pull"),
            platform=_last(command.values("platform")),
        )
    except InvalidInput:
        return None


def _last(values: Sequence[str]) -> str | None:
    return values[-1] if values else None


def _arguments(command: TypedCommand) -> dict[str, object]:
    """{name: value} of the build's arguments; one without a value has that of the environment."""
    pairs = (text.partition("=") for text in command.values("build-arg"))
    known = {name: value if equals else os.environ.get(name) for name, equals, value in pairs}
    return {name: value for name, value in known.items() if value is not None}
