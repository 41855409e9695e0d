"""Rules on what a container may use up, and on how it is looked after."""

from __future__ import annotations

from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.audit.finding import Judged, Rule, fails, for_a_person, passes
from helpers.model.text.units import format_memory

_MOST_RESTARTS = 5


def _memory(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.memory_bytes > 0:
        return passes(f"{format_memory(container.memory_bytes)} of memory")
    return fails("no limit of memory", "--memory 256m")


def _processor(container: ContainerFacts, _: EngineFacts) -> Judged:
    """A quota is a limit as well, which the script does not look at."""
    if container.nano_cpus > 0 or container.cpu_quota > 0:
        return passes("its processors are limited")
    if container.cpu_shares > 0:
        return passes(f"{container.cpu_shares} shares of the processors")
    return fails("neither shares nor a limit of processors", "--cpus 1")


def _read_only(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.is_read_only:
        return passes("its root file system is read-only")
    return fails("its root file system can be written", "--read-only --tmpfs /tmp")


def _restarts(container: ContainerFacts, _: EngineFacts) -> Judged:
    """The script looks at the number alone, which is 0 for a policy that never gives up."""
    policy, most = container.restart_policy, container.most_restarts
    mend = f"--restart on-failure:{_MOST_RESTARTS}"
    if most > _MOST_RESTARTS:
        return fails(f"{policy}:{most}", mend)
    if policy == "no" or (policy == "on-failure" and most):
        return passes(f"{policy}:{most}" if most else policy)
    return for_a_person(f"{policy}: it is started again without end", mend)


def _ulimits(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.ulimits:
        return passes(f"its own: {', '.join(container.ulimits)}")
    return for_a_person("the engine's own ulimits: do they fit?", "--ulimit nofile=1024")


def _control_group(container: ContainerFacts, _: EngineFacts) -> Judged:
    parent = container.cgroup_parent
    if parent:
        return fails(f"in the control group {parent}", f"leave out --cgroup-parent {parent}")
    return passes("where the engine puts all containers")


def _health(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.health is not None:
        return passes(container.health)
    return fails("no health check", "--health-cmd '…' (better: HEALTHCHECK in the Dockerfile)")


def _newest(_: ContainerFacts, __: EngineFacts) -> Judged:
    return Judged("unknown", "the engine does not know what a registry has by now", "--pull always")


def _processes(container: ContainerFacts, _: EngineFacts) -> Judged:
    if container.pids_limit is not None:
        return passes(f"{container.pids_limit:,} processes at the most")
    return fails("no limit of processes", "--pids-limit 100")


RULES = (
    Rule("5.11", "its memory is limited", _memory),
    Rule("5.12", "its processors are shared or limited", _processor),
    Rule("5.13", "its root file system is read-only", _read_only),
    Rule("5.15", "restarts come to an end", _restarts),
    Rule("5.19", "ulimits of its own where it needs them", _ulimits),
    Rule("5.25", "in the control group of containers", _control_group),
    Rule("5.27", "its health is checked", _health),
    Rule("5.28", "its image is the newest of that name", _newest),
    Rule("5.29", "its processes are limited", _processes),
)
