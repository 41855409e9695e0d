"""The limits that a container was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_USUAL_PERIOD_MICROSECONDS = 100_000


@dataclass(frozen=True)
class Limits:
    """CPU in cores, memory in bytes, processes; None where none was set."""

    cpus: float | None = None
    memory_bytes: int | None = None
    pids: int | None = None

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any]) -> Limits:
        """The limits in an answer of the Engine API's /containers/ID/json."""
        host = answer.get("HostConfig") or {}
        pids = int(host.get("PidsLimit") or 0)
        return cls(_cpus(host), int(host.get("Memory") or 0) or None, pids if pids > 0 else None)


NO_LIMITS = Limits()


def _cpus(host: Mapping[str, Any]) -> float | None:
    """`--cpus`, or `--cpu-quota` over `--cpu-period`."""
    if nano := int(host.get("NanoCpus") or 0):
        return nano / 1e9
    quota = int(host.get("CpuQuota") or 0)
    period = int(host.get("CpuPeriod") or 0) or _USUAL_PERIOD_MICROSECONDS
    return quota / period if quota > 0 else None
