"""What an engine and its kernel can do, each found out by trying it in a tiny container."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from helpers.engine.features.build_probe import buildkit_feature
from helpers.engine.features.kvm import try_kvm
from helpers.engine.features.limit_probes import inside_features, memory_feature
from helpers.engine.features.probe_image import ProbeImage, probe_image
from helpers.engine.features.probe_program import GREETING, IPVS_MISSING, IPVS_THERE
from helpers.engine.features.reading_probes import reading_features, storage_feature
from helpers.errors import EngineError
from helpers.model.features.feature import TITLES, Feature, Features

if TYPE_CHECKING:
    from docker import DockerClient

Look = Callable[[], list[Feature]]
_AT_ONCE = 4


def probe_features(client: DockerClient) -> Features:
    """Every feature of TITLES, tried just now; takes some seconds and leaves nothing behind.

    Raises EngineError where not even a plain container runs.
    """
    with probe_image(client) as image:
        image.run()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                found = [item for items in pool.map(_tried, *_probes(image)) for item in items]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    by_name = {item.name: item for item in found}
    return Features(by_name[name] for name in TITLES)


def _probes(image: ProbeImage) -> tuple[tuple[tuple[str, ...], ...], tuple[Look, ...]]:
    """The names that each probe answers for, and the probes, slow ones first."""
    build = partial(buildkit_feature, image.client, f"{image.name}-built", image.labels)
    probes: dict[tuple[str, ...], Look] = {
        ("local_cgroups", "fast_readings"): partial(reading_features, image),
        ("kvm",): lambda: [_kvm()],
        ("buildkit_api",): lambda: [build()],
        ("cgroup_v2", "cpu_limit", "pids_limit", "user_namespaces", "seccomp"): partial(
            inside_features, image
        ),
        ("memory_limit",): lambda: [memory_feature(image)],
        ("privileged",): lambda: [_privileged(image)],
        ("ipvs",): lambda: [_ipvs(image)],
        ("host_network",): lambda: [_host_network(image)],
        ("emulation",): lambda: [_emulation(image)],
        ("local_storage",): lambda: [storage_feature(image)],
    }
    return tuple(probes), tuple(probes.values())


def _tried(names: tuple[str, ...], look: Look) -> list[Feature]:
    """What the probe found; where it failed, that this is unknown and why."""
    try:
        return look()
    except EngineError as error:
        found = f"Could not be found out: {error.message}"
        return [Feature(name, None, found) for name in names]


def _privileged(image: ProbeImage) -> Feature:
    refusal = _refusal(image, privileged=True)
    found = (
        f"A container with --privileged does not start ({refusal}): lessons do without."
        if refusal
        else "A container with --privileged runs; lessons show why that is a risk."
    )
    return Feature("privileged", not refusal, found)


def _host_network(image: ProbeImage) -> Feature:
    refusal = _refusal(image, network_mode="host")
    found = (
        f"A container with --network host does not start ({refusal})."
        if refusal
        else "A container can use the network of the engine's machine."
    )
    return Feature("host_network", not refusal, found)


def _refusal(image: ProbeImage, **options: Any) -> str:
    """Why a container with these options does not run; empty where it does."""
    try:
        ended = image.run(**options)
    except EngineError as error:
        return shortened(error.answer or error.message)
    return "" if ended.output == GREETING else f"it ended with {ended.exit_code}"


def shortened(answer: str) -> str:
    """The last two causes in an engine's long answer: 'unable to apply caps: not permitted'."""
    causes = answer.strip().removesuffix(": unknown").split(": ")
    return ": ".join(causes[-2:])


def _ipvs(image: ProbeImage) -> Feature:
    ended = image.run(("/ask",))
    if ended.exit_code == IPVS_THERE:
        available, found = True, "The kernel has IPVS: a Swarm service gets a virtual address."
    elif ended.exit_code == IPVS_MISSING:
        available, found = (
            False,
            "The kernel has no IPVS: a Swarm service has no virtual address and no ingress mesh; "
            "lessons publish in mode=host and use DNS.",
        )
    else:
        available, found = None, f"The kernel gave no answer about IPVS ({ended.exit_code})."
    return Feature("ipvs", available, found)


def _kvm() -> Feature:
    trial = try_kvm()
    meaning = {
        True: "Virtual machines run at full speed.",
        False: "Virtual machines run in software here, and the lessons say so.",
        None: "Virtual machines may run in software.",
    }
    return Feature("kvm", trial.works, f"{trial.reason} {meaning[trial.works]}")


def _emulation(image: ProbeImage) -> Feature:
    try:
        runs = image.run(("/foreign",)).output == GREETING
    except EngineError:
        runs = False
    found = (
        "A program made for another processor runs, by emulation."
        if runs
        else "A program made for another processor does not run: images must fit this one."
    )
    return Feature("emulation", runs, found)
