"""Which files of a folder belong to the build context, by its .dockerignore.

Source: moby/patternmatcher (`patternmatcher.go`, `ignorefile/ignorefile.go`), which BuildKit and
the docker CLI use. The last pattern that matches a path decides, `!` takes back; a pattern that
matches a folder holds for all that is in it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from helpers.errors import InvalidInput
from helpers.model.build.dockerfile_lines import BLANKS
from helpers.model.build.path_pattern import PathPattern

# As long as Go's bufio.Scanner takes one.
_LONGEST_LINE_BYTES = 65_535
Held = tuple[bool, ...]


@dataclass(frozen=True)
class IgnoreRule:
    """One line of a .dockerignore; `is_exception` for one with an exclamation mark."""

    pattern: PathPattern
    is_exception: bool = False


@dataclass(frozen=True)
class DockerIgnore:
    """The rules in order."""

    rules: tuple[IgnoreRule, ...] = ()

    @cached_property
    def exceptions(self) -> tuple[PathPattern, ...]:
        """The patterns that take back."""
        return tuple(rule.pattern for rule in self.rules if rule.is_exception)

    def excludes(self, path: str, held_by_folder: Held = ()) -> tuple[bool, Held]:
        """Whether that path is left out, and which rules hold for it.

        `path` is relative to the context, with slashes; `held_by_folder` is what this answered for
        the folder it is in. A rule that would change nothing is not even tried, and then does not
        hold for what is in the folder: so does Docker (MatchesUsingParentResults).
        """
        excluded, held = False, []
        for position, rule in enumerate(self.rules):
            holds = bool(held_by_folder) and held_by_folder[position]
            if not holds and rule.is_exception == excluded:
                holds = rule.pattern.matches(path)
            held.append(holds)
            if holds:
                excluded = not rule.is_exception
        return excluded, tuple(held)

    def excludes_path(self, path: str) -> bool:
        """Whether that path is left out, the folders above it looked at first."""
        held: Held = ()
        excluded = False
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            excluded, held = self.excludes("/".join(parts[:end]), held)
        return excluded

    def may_hold_exceptions(self, folder: str) -> bool:
        """Whether something in an excluded folder may come back, so that it must be walked."""
        return any(pattern.may_match_below(folder) for pattern in self.exceptions)


def read_dockerignore(text: str) -> DockerIgnore:
    """The rules of that text; raises InvalidInput for a line that Docker would refuse."""
    lines = text.removeprefix("\ufeff").split("\n")
    longest = max(len(line.encode("utf-8", "surrogateescape")) for line in lines)
    if longest > _LONGEST_LINE_BYTES:
        raise InvalidInput(
            f"A line of .dockerignore is longer than {_LONGEST_LINE_BYTES} bytes.",
            "Docker reads none so long: write several.",
        )
    kept = (line.strip(BLANKS) for line in lines if not line.startswith("#"))
    return ignore_rules(_normal(line) for line in kept if line)


def ignore_rules(patterns: Iterable[str]) -> DockerIgnore:
    """The rules of patterns as BuildKit's frontend hands them over."""
    stripped = (pattern.strip(BLANKS) for pattern in patterns)
    return DockerIgnore(tuple(_rule(_clean(pattern)) for pattern in stripped if pattern))


def _normal(line: str) -> str:
    """The line with a clean path that is relative to the context."""
    mark, text = ("!", line[1:].strip(BLANKS)) if line.startswith("!") else ("", line)
    return mark + (_relative(_clean(text)) if text else "")


def _clean(text: str) -> str:
    """The path as Go's filepath.Clean gives it."""
    return re.sub(r"^/+", "/", posixpath.normpath(text))


def _relative(path: str) -> str:
    return path[1:] if len(path) > 1 and path.startswith("/") else path


def _rule(line: str) -> IgnoreRule:
    is_exception = line.startswith("!")
    text = line[1:] if is_exception else line
    if not text:
        raise InvalidInput("A lone '!' in .dockerignore names nothing.", "Remove that line.")
    pattern = PathPattern(text)
    if not pattern.is_valid:
        raise pattern.refused()
    return IgnoreRule(pattern, is_exception)
