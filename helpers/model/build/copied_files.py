"""Which files of the context an instruction of a Dockerfile reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from helpers.model.build.dockerfile import Instruction
from helpers.model.build.instruction_words import mount_settings, words_of
from helpers.model.build.path_pattern import PathPattern
from helpers.model.build.shell_words import unquoted

# A heredoc, or what the builder fetches from somewhere.
_ELSEWHERE = re.compile(r"\d*<<|[a-z][a-z0-9+.-]*://|git@", re.IGNORECASE)


def copied(instruction: Instruction, paths: Iterable[str]) -> list[str]:
    """The paths that COPY, ADD or a bind mount of RUN reads, in their order.

    A source with a variable in it counts as the whole context.
    """
    sources = sources_of(instruction)
    if "" in sources:
        return list(paths)
    return [path for path in paths if any(_is_in(path, source) for source in sources)]


def sources_of(instruction: Instruction) -> list[str]:
    """The paths in the context that the instruction names; "" for all of it."""
    if instruction.keyword == "RUN":
        return _mounted(instruction)
    if instruction.keyword not in ("COPY", "ADD") or instruction.values("from"):
        return []
    words = words_of(instruction.arguments)[:-1]
    return [_normal(word) for word in words if not _ELSEWHERE.match(word)]


def _mounted(instruction: Instruction) -> list[str]:
    sources: list[str] = []
    for mount in map(mount_settings, instruction.values("mount")):
        if mount.get("type", "bind") == "bind" and "from" not in mount:
            sources.append(_normal(mount.get("source") or mount.get("src") or "."))
    return sources


def _normal(word: str) -> str:
    """The clean path that a word names, seen from the context, out of which no `..` leads.

    "" for one with a variable, which may name all of it.
    """
    path = unquoted(word)
    return "" if path is None else posixpath.normpath(f"/{path}").strip("/")


def _is_in(path: str, source: str) -> bool:
    """Whether a source names the path or a folder that it is in."""
    if path == source or path.startswith(f"{source}/"):
        return True
    if not set(source) & set("*?["):
        return False
    pattern, parts = PathPattern(source), path.split("/")
    if not pattern.is_valid:
        return False
    return any(pattern.matches("/".join(parts[:end])) for end in range(1, len(parts) + 1))
