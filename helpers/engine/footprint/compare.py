"""Several runs of each way in turn, and what was read of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.container.launcher import Launcher
from helpers.engine.footprint.group import running
from helpers.engine.footprint.load import latency, throughput
from helpers.engine.footprint.runner import (
    ContainerRunner,
    Inside,
    Runner,
    SandboxRunner,
    VmRunner,
    sandbox_note,
)
from helpers.engine.usage import first_tick
from helpers.engine.vm.launcher import VmLauncher
from helpers.errors import Interrupted, NotReady
from helpers.model.footprint.footprint import (
    DISK,
    FIRST_ANSWER,
    LATENCY,
    MEMORY,
    MESSAGES,
    PROCESSES,
    THROUGHPUT,
    TOGETHER,
    FootprintComparison,
    Measure,
    Measurement,
)
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from helpers.engine.container.container import Container

ANSWER_SECONDS = 120.0
LOAD_SECONDS = 1.0
_LOAD_PATH = "/healthz"
OnStep = Callable[[str], None]


def compare(
    launcher: Launcher,
    vms: VmLauncher,
    image: str,
    port: int = 80,
    runs: int = 3,
    together: int = 0,
    on_step: OnStep | None = None,
) -> FootprintComparison:
    """The app of an image as a container, as a VM and, where the engine has its runtime, in gVisor.

    Each is started so many times, in turns; image, tools, disk and the trial of the hardware come
    before the first clock starts. With `together`, so many of each are started at once as well.
    Everything is removed again, also after an interrupt. Raises NotReady where the app does not
    answer, and what `run` and `vm` raise.
    """
    tell = on_step or (lambda step: None)
    try:
        tell("making the VM's disk, and trying a boot in hardware")
        vms.ready(image)
        note = sandbox_note(launcher.context)
        runners = _runners(launcher, vms, image, port, with_sandbox=not note)
        measurements: list[Measurement] = []
        kernels: dict[str, str] = {}
        for run in range(1, runs + 1):
            for runner in runners:
                tell(f"run {run} of {runs}: {runner.name}")
                measured, inside = _one_run(launcher.context, runner, run)
                measurements += measured
                kernels[runner.name] = inside.kernel
        for runner in runners if together else []:
            tell(f"{together} at once: {runner.name}")
            measurements.append(_at_once(runner, together))
        subjects = tuple(runner.subject(kernels.get(runner.name, "")) for runner in runners)
    except KeyboardInterrupt:
        raise Interrupted("The comparison was broken off.", "Run the cell again.") from None
    notes, where = (note,) if note else (), _machine(launcher.context)
    return FootprintComparison(image, where, subjects, tuple(measurements), together, notes)


def _runners(
    launcher: Launcher, vms: VmLauncher, image: str, port: int, with_sandbox: bool
) -> list[Runner]:
    runners: list[Runner] = [
        ContainerRunner(launcher, image, port),
        VmRunner(vms, image, port),
    ]
    return [*runners, SandboxRunner(launcher, image, port)] if with_sandbox else runners


def _one_run(context: EngineContext, runner: Runner, run: int) -> tuple[list[Measurement], Inside]:
    """What is read of one of them from its start to its removal."""
    with running(runner, 1, ANSWER_SECONDS) as group:
        made = group.made[0]
        values: dict[Measure, float | None] = {FIRST_ANSWER: group.seconds}
        url = made.url(path=_LOAD_PATH)
        try:
            values[LATENCY] = latency(url, LOAD_SECONDS)
            values[THROUGHPUT] = throughput(url, LOAD_SECONDS)
        except OSError as error:
            raise NotReady(f"{url} stopped answering: {error}.", "Look at its logs.") from None
        inside = runner.look(made)
        values[MEMORY] = _memory(context, made)
        values[DISK] = runner.disk_bytes(made)
        values[PROCESSES], values[MESSAGES] = inside.processes, inside.messages
    return [
        Measurement(runner.name, measure.key, float(value), run)
        for measure, value in values.items()
        if value is not None
    ], inside


def _at_once(runner: Runner, count: int) -> Measurement:
    """How long until the last of so many has answered, all of them started at once."""
    with running(runner, count, ANSWER_SECONDS * max(1, count // 2)) as group:
        seconds = group.seconds
    return Measurement(runner.name, TOGETHER.key, seconds)


def _memory(context: EngineContext, made: Container) -> int | None:
    """None where its processes are not counted with it, as in a sandbox that leaves its group.

    None, too, for one that runs no longer.
    """
    usage = first_tick(context.client, [made.id]).usages.get(made.id)
    return usage.memory_bytes if usage and usage.pids else None


def _machine(context: EngineContext) -> str:
    """The engine's machine in words: what every figure was measured on."""
    info = context.info
    return (
        f"{text_in(info, 'NCPU') or '?'} CPUs, Linux {text_in(info, 'KernelVersion') or '?'}, "
        f"Docker Engine {text_in(info, 'ServerVersion') or '?'}"
    )
