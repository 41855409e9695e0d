"""Which limits and walls of a container hold on this engine, seen from inside of one."""

from __future__ import annotations

from helpers.engine.features.probe_image import ProbeImage
from helpers.engine.features.probe_program import END_OF_FILE
from helpers.errors import EngineError
from helpers.model.features.feature import Feature

_QUARTER_CPU = 250_000_000
_PIDS = 23
_MEMORY_BYTES = 16 * 1024**2
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


def inside_features(image: ProbeImage) -> list[Feature]:
    """The cgroup version, CPU and pids limits, user namespace and seccomp of one container."""
    try:
        seen = _seen(image, nano_cpus=_QUARTER_CPU, pids_limit=_PIDS)
    except EngineError:
        # Some engines refuse a limit that they cannot keep; then nothing is limited.
        seen = _seen(image)
    return [_cgroup(seen), _cpu(seen), _pids(seen), _users(seen), _seccomp(seen)]


def memory_feature(image: ProbeImage) -> Feature:
    """Whether a container that takes more memory than its limit is killed."""
    limits = {"mem_limit": _MEMORY_BYTES, "memswap_limit": _MEMORY_BYTES}
    ended = image.run(("/eat",), **limits)
    holds = ended.exit_code == 137
    if holds and ended.was_out_of_memory:
        found = "A container over its --memory limit was killed (137), and the engine says so."
    elif holds:
        found = "A container over its --memory limit was killed (137); OOMKilled says false here."
    else:
        found = "A --memory limit did not hold: a container took four times as much and lived."
    return Feature("memory_limit", holds, found)


def _seen(image: ProbeImage, **limits: int) -> Seen:
    ended = image.run(("/read", *_FILES.values()), **limits)
    return dict(zip(_FILES, ended.output.split(END_OF_FILE), strict=False))


def _cgroup(seen: Seen) -> Feature:
    is_v2 = bool(seen.get("v2"))
    found = (
        "The kernel counts and limits with cgroup v2."
        if is_v2
        else "The kernel counts and limits with cgroup v1: the files that lessons show differ."
    )
    return Feature("cgroup_v2", is_v2, found)


def _cpu(seen: Seen) -> Feature:
    holds = seen.get("cpu v1", "").strip() == "25000" or seen.get("cpu v2", "").startswith("25000 ")
    found = "--cpus is a ceiling here." if holds else "--cpus has no effect on this engine."
    return Feature("cpu_limit", holds, found)


def _pids(seen: Seen) -> Feature:
    holds = str(_PIDS) in (seen.get("pids v1", "").strip(), seen.get("pids v2", "").strip())
    found = (
        "--pids-limit holds: a fork bomb stays in its container."
        if holds
        else "--pids-limit has no effect: keep fork bombs away from this engine."
    )
    return Feature("pids_limit", holds, found)


def _users(seen: Seen) -> Feature:
    mapping = seen.get("users", "").split()
    if not mapping:
        return Feature("user_namespaces", None, "The map of users cannot be read.")
    is_mapped = mapping[:2] != ["0", "0"]
    found = (
        f"Root inside a container is user {mapping[1]} outside."
        if is_mapped
        else "Root inside a container is root outside: lessons show what follows from that."
    )
    return Feature("user_namespaces", is_mapped, found)


def _seccomp(seen: Seen) -> Feature:
    modes = [line.split()[-1] for line in seen.get("status", "").splitlines() if _is_mode(line)]
    if not modes:
        return Feature("seccomp", None, "The kernel does not tell.")
    found = (
        "Containers run behind a filter of system calls."
        if modes[0] == "2"
        else "Containers run with no filter of system calls."
    )
    return Feature("seccomp", modes[0] == "2", found)


def _is_mode(line: str) -> bool:
    return line.startswith("Seccomp:")
