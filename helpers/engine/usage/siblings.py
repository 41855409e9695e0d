"""Containers known by the counter files of one that was inspected: fifty answers less to wait for.

An engine lays all its control groups out alike, so the files of one container, with another's id
put in, are the other's. Its limits stand in the group too, and its processes lead to its network.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.engine.usage.counter_files import CounterFiles, counter_files_of
from helpers.engine.usage.watched import Watched
from helpers.model.container.event import masks_in
from helpers.model.container.limits import Limits
from helpers.model.text.answer_parts import table_of_texts, text_in, texts_of

_UNLIMITED = 2**62
_PROCS = "cgroup.procs"


def sibling(of: Watched, item: Mapping[str, Any]) -> Watched | None:
    """The container in a line of the engine's list, by the files of another; None on any doubt."""
    mode, state = text_in(item, "HostConfig", "NetworkMode"), text_in(item, "State")
    key, names = text_in(item, "Id"), texts_of(item, "Names")
    if of.counters is None or not mode or not names or state not in ("running", "paused"):
        return None
    groups = {name: Path(path.replace(of.id, key)) for name, path in of.counters.files.items()}
    try:
        pid = int(next(iter(groups.values())).with_name(_PROCS).read_text().split()[0])
        counters = counter_files_of(key, pid, mode != "host")
        if counters is None or counters.files.keys() != of.counters.files.keys():
            return None
        limits = _limits(counters)
    except (OSError, ValueError, LookupError):
        return None
    name = names[0].removeprefix("/")
    masks = masks_in(table_of_texts(item, "Labels"))
    return Watched(key, name, state, pid, limits, counters, masks)


def _limits(counters: CounterFiles) -> Limits:
    """As the engine wrote them into the group. Sources: cgroup-v1 and cgroup-v2 of the kernel."""
    cpu, memory = Path(counters.files["cpu.stat"]), Path(counters.files["memory.stat"])
    if counters.is_v2:
        quota, period = cpu.with_name("cpu.max").read_text().split()
        bytes_ = memory.with_name("memory.max").read_text().strip()
    else:
        quota = cpu.with_name("cpu.cfs_quota_us").read_text().strip()
        period = cpu.with_name("cpu.cfs_period_us").read_text().strip()
        bytes_ = memory.with_name("memory.limit_in_bytes").read_text().strip()
    cpus = None if quota in ("max", "-1") else int(quota) / int(period)
    is_limited = bytes_ != "max" and int(bytes_) < _UNLIMITED
    pids = Path(counters.files["pids.max"]).read_text().strip()
    return Limits(cpus, int(bytes_) if is_limited else None, None if pids == "max" else int(pids))
