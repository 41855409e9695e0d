"""Pods side by side by who has made them, and what each of them looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.model.kubernetes.pod import Phase, Pod
from helpers.model.kubernetes.state import ClusterState
from helpers.model.kubernetes.workload import Workload
from helpers.views.kit.strokes import LOOKS
from helpers.views.kit.tile_picture import TileLook
from helpers.views.kubernetes import words
from helpers.views.kubernetes.floors import SETS, floor_of, shown_sets

ALONE = ""
_PHASES = {
    Phase.UNPLACED: "pending",
    Phase.PLACED: "pending",
    Phase.STARTING: "starting",
    Phase.READY: "running",
    Phase.UNREADY: "unready",
    Phase.FAILING: "failed",
    Phase.ENDING: "ending",
    Phase.ENDED: "ended",
    Phase.LOST: "lost",
}


@dataclass(frozen=True)
class Group:
    """Pods of one owner; `line` counts those of a ReplicaSet, `is_same` whether they are as wished.

    `id` is the owner's uid, '' for pods that nobody made anew if they went away; `created` is the
    owner's age, in seconds since 1970.
    """

    id: str
    name: str
    look: int = 0
    line: str = ""
    is_same: bool = True
    created: float = 0.0
    pods: tuple[Pod, ...] = ()

    def on(self, floor: str) -> tuple[Pod, ...]:
        """Its pods on that floor."""
        return tuple(each for each in self.pods if floor_of(each) == floor)

    def is_on(self, floor: str) -> bool:
        """Whether it is to be seen on that floor: a ReplicaSet always on its own."""
        return bool(self.on(floor)) or (floor == SETS and bool(self.line))


def groups_of(now: ClusterState) -> tuple[Group, ...]:
    """A group for each ReplicaSet that is shown, then one for each other owner of pods."""
    pods = now.pods[: words.MOST_PODS]
    sets = [
        Group(
            each.meta.uid,
            _set_name(each),
            look_of(now, each.version),
            words.set_line(each),
            each.wished == each.there,
            each.meta.created,
            tuple(pod for pod in pods if pod.meta.owner == each.meta.uid),
        )
        for each in shown_sets(now)
    ]
    known = {each.id for each in sets}
    others = dict.fromkeys(each.meta.owner for each in pods if each.meta.owner not in known)
    names = {each.meta.uid: _set_name(each) for each in now.sets}
    return (*sets, *(_other(owner, pods, names) for owner in others))


def look_of(now: ClusterState, version: str) -> int:
    """Which of the looks of versions that one has: by its position among them."""
    return now.versions().index(version) % LOOKS


def tile_of(now: ClusterState, pod: Pod) -> TileLook:
    """What is to be seen of a pod."""
    return TileLook(
        version=pod.version,
        slot=pod.short_name,
        sign=words.SIGNS[pod.phase],
        state=words.state_of(pod),
        look=look_of(now, pod.version),
        phase=_PHASES[pod.phase],
        mark=words.mark_of(now, pod),
    )


def _set_name(replica_set: Workload) -> str:
    return f"{replica_set.meta.full_name}, version {replica_set.version}"


def _other(owner: str, pods: tuple[Pod, ...], names: Mapping[str, str]) -> Group:
    own = tuple(each for each in pods if each.meta.owner == owner)
    meta = own[0].meta
    name = names.get(owner) or f"{meta.owner_kind} {meta.owner_name}"
    return Group(owner, name if owner else "made by nobody else", created=meta.created, pods=own)
