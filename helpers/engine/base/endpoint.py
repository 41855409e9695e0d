"""The address of one engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Endpoint:
    """An engine's address (as in DOCKER_HOST) and what pointed to it."""

    host: str
    origin: str

    @property
    def socket_path(self) -> Path | None:
        """The path of a Unix socket; None for any other kind of address."""
        prefix = "unix://"
        return Path(self.host.removeprefix(prefix)) if self.host.startswith(prefix) else None

    @property
    def is_local(self) -> bool:
        """Whether the engine is reached without a network."""
        return self.host.startswith(("unix://", "npipe://"))
