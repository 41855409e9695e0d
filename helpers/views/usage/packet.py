"""A tick as few bytes: of each container only the numbers that changed.

A packet is a row for each container that was measured, little-endian: its number and a mask, two
bytes each, then a 32-bit float for each field whose bit is set in the mask, the first field's being
the lowest. NaN stands for what the engine does not tell. What is not in it is as it was before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from math import nan

from helpers.model.usage.usage import Usage
from helpers.views.usage.record import Sample

FIELDS = ("cpu", "throttled", "memory", "cache", "rx", "tx", "read", "write", "pids")
WHOLE_EACH = 20
Values = tuple[float | None, ...]


class Packer:
    """Packs the samples of one tick after another.

    Every 20th row of a container is whole, so that whoever comes late soon knows all of it.
    """

    def __init__(self) -> None:
        self._sent: dict[int, tuple[Values, int]] = {}

    def packed(self, samples: Iterable[Sample]) -> bytes:
        """The packet with these samples."""
        return b"".join(self._row(sample.number, values_of(sample)) for sample in samples)

    def _row(self, number: int, values: Values) -> bytes:
        before, count = self._sent.get(number, ((), 0))
        whole = count % WHOLE_EACH == 0
        changed = [at for at in range(len(FIELDS)) if whole or values[at] != before[at]]
        self._sent[number] = values, count + 1
        mask = sum(1 << at for at in changed)
        floats = [nan if (value := values[at]) is None else value for at in changed]
        return struct.pack(f"<HH{len(floats)}f", number & 0xFFFF, mask, *floats)


def values_of(sample: Sample) -> Values:
    """The fields of a sample: percent, bytes, bytes a second, and a count."""
    usage, before = sample.usage, sample.before
    return (
        None if usage.cpu_percent is None else round(usage.cpu_percent, 1),
        None if usage.throttled_percent is None else round(usage.throttled_percent),
        usage.memory_bytes,
        usage.memory_cache_bytes,
        rate(before, usage, "network_rx_bytes"),
        rate(before, usage, "network_tx_bytes"),
        rate(before, usage, "block_read_bytes"),
        rate(before, usage, "block_write_bytes"),
        usage.pids,
    )


def rate(before: Usage | None, usage: Usage, name: str) -> float | None:
    """Bytes a second between the two; None where either is not told, 0 after a new start."""
    if before is None or usage.at <= before.at:
        return None
    earlier, later = getattr(before, name), getattr(usage, name)
    if earlier is None or later is None:
        return None
    return float(round(max(later - earlier, 0) / (usage.at - before.at)))
