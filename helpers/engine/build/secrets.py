"""The secrets of a build, read when a step asks for them and kept nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from helpers.errors import InvalidInput
from helpers.model.build.settings import secret_parts


def secret_readers(secrets: Sequence[str]) -> dict[str, Callable[[], bytes]]:
    """{id: what reads it} for secrets as `--secret` takes them; raises InvalidInput for one that
    is not there or cannot be read, as does what reads it.
    """
    return {parts["id"]: _reader(parts) for parts in map(secret_parts, secrets)}


def _reader(parts: dict[str, str]) -> Callable[[], bytes]:
    name = parts["id"]
    variable = parts.get("env") or (name if "src" not in parts else "")
    if variable and (variable in os.environ or "env" in parts):
        _variable(variable, name)
        return partial(_variable, variable, name)
    path = Path(parts.get("src") or name).expanduser()
    if not path.is_file():
        raise InvalidInput(f"There is no file {str(path)!r} for secret {name!r}.", "Make it first.")
    _content(path, name, 1)
    return partial(_content, path, name)


def _variable(variable: str, name: str) -> bytes:
    if variable not in os.environ:
        raise InvalidInput(f"The variable {variable!r} of secret {name!r} is not set.", "Set it.")
    return os.environ[variable].encode("utf-8", "surrogateescape")


def _content(path: Path, name: str, most_bytes: int = -1) -> bytes:
    """The bytes of a secret's file, all or so many of them."""
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(most_bytes)
    except OSError as error:
        raise InvalidInput(
            f"The file {str(path)!r} of secret {name!r} cannot be read ({error.strerror}).",
            "See to its permissions.",
        ) from None
