"""Several runs of each way in turn, and what was read of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from helpers.engine.footprint.load import latency, throughput
from helpers.engine.footprint.runner import (
    ContainerRunner,
    Inside,
    Runner,
    SandboxRunner,
    VmRunner,
    sandbox_note,
)
from helpers.engine.stats import first_tick
from helpers.errors import Interrupted, NotReady
from helpers.model.footprint import (
    DISK,
    FIRST_ANSWER,
    LATENCY,
    MEMORY,
    MESSAGES,
    PROCESSES,
    THROUGHPUT,
    TOGETHER,
    Comparison,
    Measure,
    Reading,
)

if TYPE_CHECKING:
    from helpers.engine.container import Container
    from helpers.engine.engine import Docker

ANSWER_SECONDS = 120.0
LOAD_SECONDS = 1.0
_LOAD_PATH = "/healthz"
OnStep = Callable[[str], None]


def compare(
    docker: Docker,
    image: str,
    port: int = 80,
    runs: int = 3,
    together: int = 0,
    path: str = _LOAD_PATH,
    on_step: OnStep | None = None,
) -> Comparison:
    """The app of an image as a container, as a VM and, where the engine has its runtime, in gVisor.

    Each is started so many times, in turns; image, tools, disk and the trial of the hardware come
    before the first clock starts. With `together`, so many of each are started at once as well.
    Everything is removed again, also after an interrupt. Raises NotReady where the app does not
    answer, and what `run` and `vm` raise.
    """
    tell = on_step or (lambda step: None)
    tell("making the VM's disk, and trying a boot in hardware")
    docker.vms.ready(image)
    note = sandbox_note(docker)
    runners: list[Runner] = [ContainerRunner(docker, image, port), VmRunner(docker, image, port)]
    if not note:
        runners.append(SandboxRunner(docker, image, port))
    readings: list[Reading] = []
    kernels: dict[str, str] = {}
    for run in range(1, runs + 1):
        for runner in runners:
            tell(f"run {run} of {runs}: {runner.name}")
            found, inside = _one_run(docker, runner, path)
            readings += found
            kernels[runner.name] = inside.kernel
    if together:
        for runner in runners:
            tell(f"{together} at once: {runner.name}")
            readings.append(_at_once(runner, together))
    subjects = tuple(runner.subject(kernels.get(runner.name, "")) for runner in runners)
    notes = (note,) if note else ()
    return Comparison(image, _machine(docker), subjects, tuple(readings), together, notes)


def _one_run(docker: Docker, runner: Runner, path: str) -> tuple[list[Reading], Inside]:
    """What is read of one of them from its start to its removal."""
    begun = time.monotonic()
    made = runner.start()
    try:
        made.wait_until_ready("/", seconds=ANSWER_SECONDS)
        first = time.monotonic() - begun
        url = made.url(path=path)
        values: dict[Measure, float | None] = {FIRST_ANSWER: first, LATENCY: None}
        try:
            values[LATENCY] = latency(url, LOAD_SECONDS)
            values[THROUGHPUT] = throughput(url, LOAD_SECONDS)
        except OSError as error:
            raise NotReady(f"{url} stopped answering: {error}.", "Look at its logs.") from None
        inside = runner.look(made)
        values[MEMORY] = _memory(docker, made)
        values[DISK] = runner.disk_bytes(made)
        values[PROCESSES], values[MESSAGES] = inside.processes, inside.messages
    except KeyboardInterrupt:
        raise Interrupted("The comparison was broken off.", "Run the cell again.") from None
    finally:
        made.remove(force=True)
    return [
        Reading(runner.name, measure.key, float(value))
        for measure, value in values.items()
        if value is not None
    ], inside


def _at_once(runner: Runner, count: int) -> Reading:
    """How long until the last of so many has answered, all of them started at once."""
    made: list[Container] = []

    def one(_: int) -> None:
        mine = runner.start()
        made.append(mine)
        mine.wait_until_ready("/", seconds=ANSWER_SECONDS * max(1, count // 2))

    begun = time.monotonic()
    try:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(one, range(count)))
        return Reading(runner.name, TOGETHER.key, time.monotonic() - begun)
    except KeyboardInterrupt:
        raise Interrupted("The comparison was broken off.", "Run the cell again.") from None
    finally:
        for container in made:
            container.remove(force=True)


def _memory(docker: Docker, made: Container) -> int | None:
    """None where its processes are not counted with it, as in a sandbox that leaves its group."""
    usage = first_tick(docker.client, [made.id]).usages[made.id]
    return usage.memory_bytes if usage.pids else None


def _machine(docker: Docker) -> str:
    """The engine's machine in words: what every figure was measured on."""
    info = docker.info
    return (
        f"{info.get('NCPU', '?')} CPUs, Linux {info.get('KernelVersion', '?')}, "
        f"Docker Engine {docker.version}"
    )
