"""Whether the engine's machine runs virtual machines on the processor itself."""

from __future__ import annotations

from helpers.engine.features.probe_containers import LESSON, ProbeContainers
from helpers.engine.vm.acceleration import DEVICE, acceleration_of, refusal_of
from helpers.engine.vm.tools import has_tools
from helpers.errors import EngineError
from helpers.model.features.feature import Feature

_OPENS = ("sh", "-c", f": <>{DEVICE}")
_IN_SOFTWARE = "Virtual machines run in software here, and the lessons say so."


def kvm_feature(probes: ProbeContainers) -> Feature:
    """By a boot, where the engine has the VM tools; else as far as the device alone tells."""
    if has_tools(probes.client):
        acceleration = acceleration_of(probes.client, LESSON)
        meaning = (
            "Virtual machines run at full speed." if acceleration.is_hardware else _IN_SOFTWARE
        )
        return Feature("kvm", acceleration.is_hardware, f"{acceleration.reason} {meaning}")
    try:
        ended = probes.run(_OPENS, devices=[f"{DEVICE}:{DEVICE}:rwm"])
    except EngineError as error:
        return Feature("kvm", False, f"{refusal_of(error).reason} {_IN_SOFTWARE}")
    if ended.exit_code != 0:
        refused = f"{DEVICE} is there, and a container may not open it."
        return Feature("kvm", False, f"{refused} {_IN_SOFTWARE}")
    return Feature(
        "kvm",
        None,
        f"{DEVICE} is there and opens; whether a virtual machine boots on it is found out "
        "by lesson 06.",
    )
