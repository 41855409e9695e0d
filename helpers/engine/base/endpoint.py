"""The address of one engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TlsFiles:
    """What an engine behind TLS is known by, and what knows us there; None where there is none.

    Without `verifies` nobody looks who answers (DOCKER_TLS alone, or a context that skips it).
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    verifies: bool = True


@dataclass(frozen=True)
class Endpoint:
    """An engine's address (as in DOCKER_HOST) and what pointed to it, a context's name included."""

    host: str
    origin: str
    context: str = ""
    tls: TlsFiles | None = None

    @property
    def is_local(self) -> bool:
        """Whether the engine is reached without a network."""
        return self.host.startswith(("unix://", "npipe://"))

    def environment(self) -> dict[str, str]:
        """What makes the `docker` command of a child process, and its cells, take this engine.

        A context that is more than an address (certificates) is named; DOCKER_HOST would lose it.
        """
        if self.context and not self.is_local:
            return {"DOCKER_CONTEXT": self.context}
        return {"DOCKER_HOST": self.host}
