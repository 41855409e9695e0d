"""What a build was made of, so that the next one can say what is different."""

from __future__ import annotations

import hashlib
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

    `dockerfile` is the text, `arguments` {name of a --build-arg: fingerprint of its value}, which
    may be a secret, `bases` {image's name: its id} of what FROM, COPY --from and RUN --mount name,
    `files` {path in the context: what it is}.
    """

    dockerfile: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileStamp] = field(default_factory=dict)
    target: str = ""
    platform: str = ""
    network: str = ""
    no_cache: bool = False


def fingerprint(value: str) -> str:
    """A short digest of a value, to compare it by."""
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def with_known_digests(
    files: Mapping[str, FileStamp], earlier: Mapping[str, FileStamp]
) -> dict[str, FileStamp]:
    """The files, where one was not read again with the digest that it had when it was."""
    return {path: _known(stamp, earlier.get(path)) for path, stamp in files.items()}


def changed_files(
    files: Mapping[str, FileStamp], earlier: Mapping[str, FileStamp]
) -> dict[str, str]:
    """{path: "changed", "new" or "gone"} in the order of paths."""
    changes = {
        path: "new" if path not in earlier else "changed"
        for path, stamp in files.items()
        if path not in earlier or not stamp.is_like(earlier[path])
    }
    changes |= {path: "gone" for path in earlier if path not in files}
    return dict(sorted(changes.items()))


def _known(stamp: FileStamp, earlier: FileStamp | None) -> FileStamp:
    if stamp.digest or earlier is None or stamp[:4] != earlier[:4]:
        return stamp
    return earlier
