"""The address of a bundle's server, with what vouches for its images behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.errors import InvalidInput
from helpers.model.bundle.index_digest import IndexDigest

PORT = 4040
_ADDRESS = re.compile(
    r"(?:(https?)://)?([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/?"
)


@dataclass(frozen=True)
class ServerAddress:
    """Where it listens, such as 'http://192.168.1.7:4040', and the digest of its index if known."""

    base: str
    digest: IndexDigest | None = None

    @classmethod
    def parse(cls, text: str) -> ServerAddress:
        """The address as `serve` prints it, or its host alone; raises InvalidInput."""
        where, mark, fragment = text.strip().partition("#")
        match = _ADDRESS.fullmatch(where)
        if match is None or int(match[3] or PORT) > 65535:
            raise InvalidInput(
                f"{text[:120]!r} is not the address of a bundle's server.",
                "Type it as `serve` printed it: http://192.168.1.7:4040/#sha256-…",
            )
        digest = IndexDigest.parse(fragment) if mark else None
        return cls(f"{match[1] or 'http'}://{match[2]}:{match[3] or PORT}", digest)

    def __str__(self) -> str:
        """All of it, as it is typed."""
        return f"{self.base}/#{self.digest}" if self.digest else self.base
