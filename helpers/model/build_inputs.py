"""What a build was made of, so that the next one can say what is different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class FileStamp(NamedTuple):
    """What is known of a file in the context; `digest` is "" where nobody has read its content."""

    mode: int
    size_bytes: int
    modified_ns: int
    link: str = ""
    digest: str = ""

    def is_like(self, other: FileStamp) -> bool:
        """Whether a builder would take both for the same: a time alone makes no difference."""
        if (self.mode, self.size_bytes, self.link) != (other.mode, other.size_bytes, other.link):
            return False
        if self.digest and other.digest:
            return self.digest == other.digest
        return self.modified_ns == other.modified_ns or not self.size_bytes


@dataclass(frozen=True)
class BuildInputs:
    """What decides whether a step comes from the cache.

    `dockerfile` is the text, `arguments` the --build-arg values, `bases` {image's name: its id} of
    each FROM, `files` {path in the context: what it is}.
    """

    dockerfile: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileStamp] = field(default_factory=dict)
    target: str = ""
    platform: str = ""
    no_cache: bool = False
