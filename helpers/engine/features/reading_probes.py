"""How the engine's storage and its containers' numbers can be read from here, tried out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from helpers.engine.base.answers import translated
from helpers.engine.features.probe_containers import ProbeContainers
from helpers.model.features.feature import Feature
from helpers.model.image.tool_image import TOOL_IMAGE
from helpers.model.text.answer_parts import count_in, text_in
from helpers.model.text.units import format_seconds

FAST_SECONDS = 0.3
_CGROUPS = Path("/sys/fs/cgroup")


def storage_feature(probes: ProbeContainers) -> Feature:
    """Whether an image's files can be read straight from the engine's storage."""
    with translated("docker inspect"):
        inspected = probes.client.api.inspect_image(TOOL_IMAGE)
    readable = _has_files(text_in(inspected, "GraphDriver", "Data", "UpperDir"))
    observed = (
        "The engine's layers can be read where they lie: looking into an image costs no `save`."
        if readable
        else "The engine's layers cannot be read from here: an image is looked into by `save`."
    )
    return Feature("local_storage", readable, observed)


def reading_features(probes: ProbeContainers) -> list[Feature]:
    """Whether a container's cgroup files can be read, and whether readings are fast."""
    with probes.running(("sleep", "60")) as made:
        with translated("docker inspect"):
            pid = count_in(probes.client.api.inspect_container(made), "State", "Pid")
        is_local = _reads_cgroup(pid, made)
        seconds = _one_shot_seconds(probes, made)
    return [_local_cgroups(is_local), _fast_readings(is_local, seconds)]


def _has_files(folder: str) -> bool:
    """Whether that folder of a layer can be read; its name is the engine's own and long."""
    try:
        return bool(folder) and any(Path(folder).iterdir())
    except OSError:
        return False


def _reads_cgroup(pid: int, container: str) -> bool:
    """Whether the container's CPU counter can be read; its id must be in the path."""
    try:
        listing = Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8")
    except OSError:
        return False
    return any(container in str(file) and _has_number(file) for file in _cpu_files(listing))


def _cpu_files(listing: str) -> Iterator[Path]:
    for line in listing.splitlines():
        _, controllers, path = line.split(":", 2)
        folder = path.lstrip("/.")
        if "cpuacct" in controllers.split(","):
            yield _CGROUPS / controllers / folder / "cpuacct.usage"
        if controllers == "":
            yield _CGROUPS / folder / "cpu.stat"


def _has_number(file: Path) -> bool:
    try:
        return any(character.isdigit() for character in file.read_text(encoding="utf-8"))
    except OSError:
        return False


def _one_shot_seconds(probes: ProbeContainers, container: str) -> float:
    """Seconds of the slower of two one-shot readings in a row; the first one alone proves nothing.

    Source: Engine 20.10 answers the first at once and the next after its own cycle of 1 s.
    """
    taken = []
    for _ in range(2):
        began = time.monotonic()
        with translated("docker stats"):
            probes.client.api.stats(container, stream=False, one_shot=True)
        taken.append(time.monotonic() - began)
    return max(taken)


def _local_cgroups(is_local: bool) -> Feature:
    observed = (
        "The kernel's own counters of a container can be read here."
        if is_local
        else "The kernel's own counters of a container are out of reach: the engine is asked."
    )
    return Feature("local_cgroups", is_local, observed)


def _fast_readings(is_local: bool, seconds: float) -> Feature:
    is_fast = is_local or seconds < FAST_SECONDS
    asked = f"the engine's one-shot stats take {format_seconds(seconds)}"
    if is_local:
        observed = f"Live views read the cgroup files, several times a second ({asked})."
    elif is_fast:
        observed = f"Live views ask the engine, several times a second: {asked}."
    else:
        observed = f"Live views move once a second: {asked}."
    return Feature("fast_readings", is_fast, observed)
