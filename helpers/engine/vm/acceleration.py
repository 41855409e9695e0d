"""Whether the engine's machine runs VMs in hardware, found out by booting one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.vm.tools import run_tool
from helpers.errors import EngineError, EngineGone, NoSuchImage, NotReady
from helpers.model.vm.acceleration import KVM, SOFTWARE, Acceleration
from helpers.model.vm.console import clean

if TYPE_CHECKING:
    from docker import DockerClient

DEVICE = "/dev/kvm"
VARIABLE = "WORKBOOK_ACCELERATION"
PROBE_SECONDS = 10.0
_BOOTED = "workbook: the probe is over"


def acceleration_of(
    client: DockerClient, lesson: str, device: str = DEVICE, seconds: float = PROBE_SECONDS
) -> Acceleration:
    """How VMs run on this engine, after one boot of at most so many seconds.

    That the device is there proves nothing: it can refuse, hang, or give up at ordinary guests.
    """
    try:
        run = run_tool(
            client,
            lesson,
            ["vm-boot", "probe"],
            environment={VARIABLE: KVM},
            seconds=seconds,
            devices=[f"{device}:{DEVICE}:rwm"],
        )
    except NotReady:
        return Acceleration(
            SOFTWARE, f"{DEVICE} is there, but a kernel did not boot on it in {seconds:g} s."
        )
    except (EngineGone, NoSuchImage):
        raise
    except EngineError as error:
        return refusal_of(error)
    return judged(run.output)


def judged(console: str) -> Acceleration:
    """What the console of the probe boot proves."""
    if _BOOTED in console:
        return Acceleration(KVM, f"A kernel booted on {DEVICE}.")
    lines = [line.strip() for line in clean(console).splitlines() if line.strip()]
    complaint = next(
        (line for line in lines if line.startswith("qemu:")), lines[-1] if lines else ""
    )
    what = f": {complaint.removeprefix('qemu: ').rstrip('.')}" if complaint else ""
    return Acceleration(SOFTWARE, f"{DEVICE} is there, but no kernel boots on it{what}.")


def refusal_of(error: EngineError) -> Acceleration:
    """What it means that no container got the device."""
    answer = (error.answer or error.message).lower()
    if "no such file" in answer or "stat /dev/kvm" in answer:
        return Acceleration(SOFTWARE, f"There is no {DEVICE} on the engine's machine.")
    return Acceleration(SOFTWARE, f"A container may not use {DEVICE} here: {error.message}")
