"""Which files of the context an instruction of a Dockerfile reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from helpers.model.build.dockerfile import Instruction
from helpers.model.build.path_pattern import PathPattern

_FLAG = re.compile(r"--\S+")
_BIND = re.compile(r"--mount=(\S+)")


def copied(instruction: Instruction, paths: Iterable[str]) -> list[str]:
    """The paths that COPY, ADD or a bind mount of RUN reads, in their order.

    A source with a variable in it counts as the whole context.
    """
    sources = sources_of(instruction)
    if any(source == "" or "$" in source for source in sources):
        return list(paths)
    return [path for path in paths if any(_is_in(path, source) for source in sources)]


def sources_of(instruction: Instruction) -> list[str]:
    """The paths in the context that the instruction names; "" for all of it."""
    if instruction.keyword == "RUN":
        return _mounted(instruction)
    if instruction.keyword not in ("COPY", "ADD") or "--from=" in instruction.text:
        return []
    words = _words(_FLAG.sub("", instruction.arguments).strip())
    kept = [word for word in words[:-1] if not word.startswith("<<") and "://" not in word]
    return [_normal(word) for word in kept]


def _mounted(instruction: Instruction) -> list[str]:
    sources: list[str] = []
    for mount in _BIND.findall(instruction.text):
        settings = dict(part.partition("=")[::2] for part in mount.split(","))
        if settings.get("type", "bind") == "bind" and "from" not in settings:
            sources.append(_normal(settings.get("source") or settings.get("src") or "."))
    return sources


def _words(text: str) -> list[str]:
    """The words of the shell form, or of the JSON one."""
    if text.startswith("["):
        try:
            return [str(word) for word in json.loads(text)]
        except ValueError:
            return []
    return text.split()


def _normal(path: str) -> str:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "/".join(parts)


def _is_in(path: str, source: str) -> bool:
    """Whether a source names the path or a folder that it is in."""
    if path == source or path.startswith(f"{source}/"):
        return True
    if not set(source) & set("*?["):
        return False
    pattern, parts = PathPattern(source), path.split("/")
    return any(pattern.matches("/".join(parts[:end])) for end in range(1, len(parts) + 1))
