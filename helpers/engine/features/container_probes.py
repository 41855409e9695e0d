"""What an engine and its kernel can do, each found out by trying it in a tiny container."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from helpers.engine.features.build_probe import buildkit_feature
from helpers.engine.features.emulation import emulation_feature
from helpers.engine.features.kvm import kvm_feature
from helpers.engine.features.limit_probes import inside_features, memory_feature
from helpers.engine.features.probe_containers import GREETING, ProbeContainers, probe_containers
from helpers.engine.features.reading_probes import reading_features, storage_feature
from helpers.errors import EngineError
from helpers.model.features.feature import TITLES, Feature, Features

if TYPE_CHECKING:
    from docker import DockerClient

Look = Callable[[], list[Feature]]
_AT_ONCE = 4
# A name that no network device has makes the kernel look for a module of that name, where the
# asking process may load modules; the listing is there where IPVS is.
_LOAD_AND_LOOK = ("sh", "-c", "ifconfig ip_vs 2>/dev/null; test -e /proc/net/ip_vs")


def probe_features(client: DockerClient) -> Features:
    """Every feature of TITLES, tried just now; takes some seconds and leaves nothing behind.

    Raises EngineError where not even a plain container runs.
    """
    with probe_containers(client) as probes:
        probes.run()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                tried = [item for items in pool.map(_tried, *looks(probes)) for item in items]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    by_name = {item.name: item for item in tried}
    return Features(by_name[name] for name in TITLES)


def looks(probes: ProbeContainers) -> tuple[tuple[tuple[str, ...], ...], tuple[Look, ...]]:
    """The names that each probe answers for, and the probes, slow ones first."""
    by_names: dict[tuple[str, ...], Look] = {
        ("kvm",): lambda: [kvm_feature(probes)],
        ("local_cgroups", "fast_readings"): partial(reading_features, probes),
        ("buildkit_api",): lambda: [buildkit_feature(probes.client, probes.labels)],
        ("cgroup_v2", "cpu_limit", "pids_limit", "user_namespaces", "seccomp"): partial(
            inside_features, probes
        ),
        ("memory_limit",): lambda: [memory_feature(probes)],
        ("privileged",): lambda: [_privileged(probes)],
        ("ipvs",): lambda: [ipvs_feature(probes)],
        ("host_network",): lambda: [_host_network(probes)],
        ("emulation",): lambda: [emulation_feature(probes)],
        ("local_storage",): lambda: [storage_feature(probes)],
    }
    return tuple(by_names), tuple(by_names.values())


def _tried(names: tuple[str, ...], look: Look) -> list[Feature]:
    """What the probe saw; where it failed, that this is unknown and why."""
    try:
        return look()
    except EngineError as error:
        observed = f"Could not be found out: {error.message}"
        return [Feature(name, None, observed) for name in names]


def _privileged(probes: ProbeContainers) -> Feature:
    refusal = _refusal(probes, privileged=True)
    observed = (
        f"A container with --privileged does not start ({refusal}): lessons do without."
        if refusal
        else "A container with --privileged runs; lessons show why that is a risk."
    )
    return Feature("privileged", not refusal, observed)


def _host_network(probes: ProbeContainers) -> Feature:
    refusal = _refusal(probes, network_mode="host")
    observed = (
        f"A container with --network host does not start ({refusal})."
        if refusal
        else "A container can use the network of the engine's machine."
    )
    return Feature("host_network", not refusal, observed)


def _refusal(probes: ProbeContainers, **options: Any) -> str:
    """Why a container with these options does not run; empty where it does."""
    try:
        ended = probes.run(**options)
    except EngineError as error:
        return shortened(error.answer or error.message)
    return "" if ended.output.strip() == GREETING else f"it ended with {ended.exit_code}"


def shortened(answer: str) -> str:
    """The last two causes in an engine's long answer: 'unable to apply caps: not permitted'."""
    causes = answer.strip().removesuffix(": unknown").split(": ")
    return ": ".join(causes[-2:])


def ipvs_feature(probes: ProbeContainers) -> Feature:
    """Whether the kernel has IPVS; its module is loaded where it is there and was not."""
    try:
        ended, may_load = probes.run(_LOAD_AND_LOOK, cap_add=["SYS_MODULE"]), True
    except EngineError:
        ended, may_load = probes.run(_LOAD_AND_LOOK), False
    if ended.exit_code == 0:
        available, observed = True, "The kernel has IPVS: a Swarm service gets a virtual address."
    elif may_load and ended.exit_code == 1:
        available, observed = (
            False,
            "The kernel has no IPVS: a Swarm service has no virtual address and no ingress mesh; "
            "lessons publish in mode=host and use DNS.",
        )
    else:
        available, observed = None, f"The kernel gave no answer about IPVS ({ended.exit_code})."
    return Feature("ipvs", available, observed)
