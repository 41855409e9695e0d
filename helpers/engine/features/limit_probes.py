"""Which limits and walls of a container hold on this engine, seen from inside of one."""

from __future__ import annotations

from typing import Any

from helpers.engine.features.probe_containers import ProbeContainers
from helpers.errors import EngineError
from helpers.model.features.feature import Feature

_QUARTER_CPU = 250_000_000
_PIDS = 23
_MEMORY_BYTES = 16 * 1024**2
_END_OF_FILE = "\x1e"
_READ = ("sh", "-c", r'for file; do cat "$file" 2>/dev/null; printf "\036"; done', "sh")
# Four times the limit: a text that is doubled until it is long enough.
_EAT = ("awk", f'BEGIN {{ x = "x"; while (length(x) < {4 * _MEMORY_BYTES}) x = x x }}')
_FILES = {
    "v2": "/sys/fs/cgroup/cgroup.controllers",
    "cpu v2": "/sys/fs/cgroup/cpu.max",
    "pids v2": "/sys/fs/cgroup/pids.max",
    "cpu v1": "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "pids v1": "/sys/fs/cgroup/pids/pids.max",
    "users": "/proc/self/uid_map",
    "status": "/proc/self/status",
}
Seen = dict[str, str]


def inside_features(probes: ProbeContainers) -> list[Feature]:
    """The cgroup version, CPU and pids limits, user namespace and seccomp of one container."""
    try:
        seen = _seen(probes, nano_cpus=_QUARTER_CPU, pids_limit=_PIDS)
    except EngineError:
        # Some engines refuse a limit that they cannot keep; then nothing is limited.
        seen = _seen(probes)
    return [_cgroup(seen), _cpu(seen), _pids(seen), _users(seen), _seccomp(seen)]


def memory_feature(probes: ProbeContainers) -> Feature:
    """Whether a container that takes more memory than its limit is killed."""
    ended = probes.run(_EAT, mem_limit=_MEMORY_BYTES, memswap_limit=_MEMORY_BYTES)
    if ended.exit_code != 137:
        lives = "A --memory limit did not hold: a container took four times as much and lived."
        return Feature("memory_limit", False, lives)
    engine = "the engine says so" if ended.was_out_of_memory else "OOMKilled says false here"
    joint = ", and " if ended.was_out_of_memory else "; "
    killed = f"A container over its --memory limit was killed (137){joint}{engine}."
    return Feature("memory_limit", True, killed)


def _seen(probes: ProbeContainers, **limits: Any) -> Seen:
    ended = probes.run((*_READ, *_FILES.values()), **limits)
    return dict(zip(_FILES, ended.output.split(_END_OF_FILE), strict=False))


def _cgroup(seen: Seen) -> Feature:
    is_v2 = bool(seen.get("v2"))
    observed = (
        "The kernel counts and limits with cgroup v2."
        if is_v2
        else "The kernel counts and limits with cgroup v1: the files that lessons show differ."
    )
    return Feature("cgroup_v2", is_v2, observed)


def _cpu(seen: Seen) -> Feature:
    holds = seen.get("cpu v1", "").strip() == "25000" or seen.get("cpu v2", "").startswith("25000 ")
    observed = "--cpus is a ceiling here." if holds else "--cpus has no effect on this engine."
    return Feature("cpu_limit", holds, observed)


def _pids(seen: Seen) -> Feature:
    holds = str(_PIDS) in (seen.get("pids v1", "").strip(), seen.get("pids v2", "").strip())
    observed = (
        "--pids-limit holds: a fork bomb stays in its container."
        if holds
        else "--pids-limit has no effect: keep fork bombs away from this engine."
    )
    return Feature("pids_limit", holds, observed)


def _users(seen: Seen) -> Feature:
    mapping = seen.get("users", "").split()
    if not mapping:
        return Feature("user_namespaces", None, "The map of users cannot be read.")
    is_mapped = mapping[:2] != ["0", "0"]
    observed = (
        f"Root inside a container is user {mapping[1]} outside."
        if is_mapped
        else "Root inside a container is root outside: lessons show what follows from that."
    )
    return Feature("user_namespaces", is_mapped, observed)


def _seccomp(seen: Seen) -> Feature:
    modes = [line.split()[-1] for line in seen.get("status", "").splitlines() if _is_mode(line)]
    if not modes:
        return Feature("seccomp", None, "The kernel does not tell.")
    observed = (
        "Containers run behind a filter of system calls."
        if modes[0] == "2"
        else "Containers run with no filter of system calls."
    )
    return Feature("seccomp", modes[0] == "2", observed)


def _is_mode(line: str) -> bool:
    return line.startswith("Seccomp:")
