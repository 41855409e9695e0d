"""The way from a wish to a container, floor by floor: who acts there, and what comes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from helpers.model.kubernetes.endpoint import Service
from helpers.model.kubernetes.pod import Phase, Pod
from helpers.model.kubernetes.state import ClusterState
from helpers.model.kubernetes.workload import Workload
from helpers.model.text.units import counted
from helpers.views.kubernetes import words

STORE, SETS, NODES, CONTAINERS, SERVICES = "store", "sets", "nodes", "containers", "services"


@dataclass(frozen=True)
class Floor:
    """One floor; `wished` and `observed` are lines, `rules` and `notes` what explains them.

    `idle` says what it means that its program is off. `is_as_wished` is None where nothing is
    wished.
    """

    id: str
    programs: tuple[str, ...]
    wished: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    idle: str = ""
    is_as_wished: bool | None = None

    @property
    def sign(self) -> str:
        """'=', '≠', or '–' where nothing is wished."""
        if self.is_as_wished is None:
            return words.NOTHING
        return words.SAME if self.is_as_wished else words.DIFFERS


def floors_of(now: ClusterState) -> tuple[Floor, ...]:
    """All five, the first on top."""
    return (_store(now), _sets(now), _nodes(now), _containers(now), _services(now))


def floor_of(pod: Pod) -> str:
    """Where it lies: where the last program that had to do with it left it."""
    if not pod.node:
        return SETS
    return CONTAINERS if pod.is_taken else NODES


def shown_sets(now: ClusterState) -> tuple[Workload, ...]:
    """The ReplicaSets that have pods, or are to, and each Deployment's newest."""
    newest = [now.newest_set(each) for each in now.deployments]
    return tuple(each for each in now.sets if each.wished or each.there or each in newest)


def _store(now: ClusterState) -> Floor:
    every = now.deployments
    return Floor(
        STORE,
        ("etcd", "kube-apiserver"),
        wished=tuple(map(words.wish_line, every)),
        rules=tuple(map(words.rule_line, every)),
        observed=tuple(map(words.deployment_line, every)),
        is_as_wished=all(each.is_as_wished for each in every) if every else None,
    )


def _sets(now: ClusterState) -> Floor:
    every, program = now.deployments, "kube-controller-manager"
    shown = shown_sets(now)
    kept = len(now.sets) - len(shown)
    there = f"{counted(len(shown), 'ReplicaSet')}, {counted(sum(e.there for e in shown), 'pod')}"
    older = f"{counted(kept, 'older one')} with no pods, kept for `kubectl rollout undo`"
    return Floor(
        SETS,
        (program,),
        wished=tuple(map(words.set_wish, every)),
        observed=(there if shown else "no ReplicaSet",) if every or shown else (),
        notes=(older,) if kept else (),
        idle=_idle(now, program),
        is_as_wished=all(_has_its_set(now, each) for each in every) if every else None,
    )


def _has_its_set(now: ClusterState, deployment: Workload) -> bool:
    newest = now.newest_set(deployment)
    if newest is None or not newest.wished == newest.there == deployment.wished:
        return False
    return all(
        each is newest or not (each.wished or each.there) for each in now.sets_of(deployment)
    )


def _nodes(now: ClusterState) -> Floor:
    needed, program = _needed(now), "kube-scheduler"
    wanted = [each for each in now.pods if each.is_wanted]
    placed = Counter(each.node for each in wanted if each.node)
    count = sum(placed.values())
    where = ", ".join(f"{many} on {node}" for node, many in sorted(placed.items()))
    line = f"{count} of {counted(needed, 'pod')} with a node"
    waiting = [each for each in wanted if not each.node]
    return Floor(
        NODES,
        (program,),
        wished=(f"a node for {counted(needed, 'pod')}",) if needed else (),
        observed=(f"{line}: {where}" if where else line,) if needed else (),
        notes=tuple(words.reasons(waiting)),
        idle=_idle(now, program),
        is_as_wished=count == needed if needed else None,
    )


def _containers(now: ClusterState) -> Floor:
    needed, program = _needed(now), "kubelet"
    ready = sum(each.phase is Phase.READY for each in now.pods)
    leaving = sum(each.phase is Phase.ENDING for each in now.pods)
    line = f"{ready} of {counted(needed, 'pod')} ready"
    line += f", {leaving} terminating" if leaving else ""
    taken = [each for each in now.pods if each.is_taken]
    return Floor(
        CONTAINERS,
        (program,),
        wished=(f"containers of {counted(needed, 'pod')}, all of them ready",) if needed else (),
        observed=(line, *_runtime(now)) if needed or leaving else (),
        notes=(*map(words.node_line, now.nodes), *words.reasons(taken)),
        idle=_idle(now, program),
        is_as_wished=ready == needed and not leaving if needed or leaving else None,
    )


def _runtime(now: ClusterState) -> tuple[str, ...]:
    own = {each.meta.uid for each in now.pods}
    running = [each for each in now.containers if each.pod in own and each.is_running]
    pauses = sum(each.is_sandbox for each in running)
    if not running:
        return ("no container in the node's runtime",)
    count = counted(len(running), "container")
    return (f"{count} in the node's runtime, {pauses} of them pause",)


def _services(now: ClusterState) -> Floor:
    every, program = now.services, "kube-proxy"
    return Floor(
        SERVICES,
        (program,),
        wished=tuple(map(words.service_wish, every)),
        observed=tuple(words.service_line(now, each) for each in every),
        idle=_idle(now, program),
        is_as_wished=all(_leads_to_all(now, each) for each in every) if every else None,
    )


def _leads_to_all(now: ClusterState, service: Service) -> bool:
    pods = [each for each in now.members(service) if each.is_wanted]
    return bool(pods) and all(each.meta.uid in service.ready for each in pods)


def _needed(now: ClusterState) -> int:
    """So many pods are wished, or are there and not on their way out."""
    wished = sum(each.wished for each in now.deployments)
    return max(wished, sum(each.is_wanted for each in now.pods))


def _idle(now: ClusterState, program: str) -> str:
    is_off = now.programs.get(program) is False
    return f"{program} is off: {words.IDLE[program]}" if is_off else ""
