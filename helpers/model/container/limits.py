"""The limits that a container was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import count_in, part_of

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
        host = part_of(answer, "HostConfig")
        pids, memory = count_in(host, "PidsLimit"), count_in(host, "Memory")
        return cls(_cpus(host), memory if memory > 0 else None, pids if pids > 0 else None)


NO_LIMITS = Limits()


def _cpus(host: Mapping[str, Any]) -> float | None:
    """`--cpus`, or `--cpu-quota` over `--cpu-period`."""
    if (nano := count_in(host, "NanoCpus")) > 0:
        return nano / 1e9
    quota = count_in(host, "CpuQuota")
    period = count_in(host, "CpuPeriod") or _USUAL_PERIOD_MICROSECONDS
    return quota / period if quota > 0 else None
