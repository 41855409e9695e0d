"""The programs of a cluster: which there are, what each does, whom it needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from helpers.errors import InvalidInput
from helpers.outside import visible_repr

# In the order in which they can be started.
# Source: kubernetes.io/docs/concepts/overview/components
DOES = {
    "etcd": "keeps all that the cluster knows",
    "kube-apiserver": "takes what is asked of the cluster, and tells what is",
    "kube-controller-manager": "makes what is wanted of what is there",
    "kube-scheduler": "chooses a node for each pod that has none",
    "kubelet": "runs the pods of its node",
    "kube-proxy": "leads a Service's address to its pods",
}
PROGRAMS = tuple(DOES)
STORE, SERVER = PROGRAMS[:2]


@dataclass(frozen=True, repr=False)
class Started:
    """What was started and how long it took to answer; `before` ran already."""

    programs: tuple[str, ...]
    before: tuple[str, ...]
    seconds: float

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"{name} {DOES[name]}." for name in self.programs]
        if self.programs:
            verb = "answers" if len(self.programs) == 1 else "answer"
            head = f"{_listed(self.programs)} {verb} after {self.seconds:.1f} s."
            lines = [head, *lines]
        if self.before:
            lines.append(f"{_listed(self.before)} ran already.")
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Stopped:
    """What was stopped; `before` did not run."""

    programs: tuple[str, ...]
    before: tuple[str, ...]

    @visible_repr
    def __repr__(self) -> str:
        gone = [f"{name}, which {DOES[name]}, is stopped." for name in self.programs]
        never = [f"{_listed(self.before)} did not run."] if self.before else []
        return "\n".join([*gone, *never])


def checked_programs(names: Sequence[str]) -> tuple[str, ...]:
    """These in the order of PROGRAMS, or all where none is named; raises InvalidInput."""
    for name in names:
        if name not in PROGRAMS:
            raise InvalidInput(
                f"{name!r} is no program of the cluster.", f"They are {_listed(PROGRAMS)}."
            )
    return tuple(name for name in PROGRAMS if name in names) or PROGRAMS


def check_needs(wanted: Collection[str], running: Collection[str]) -> None:
    """Raises InvalidInput where one of them would find nobody to speak to."""
    there = {*wanted, *running}
    for name in wanted:
        needed = {STORE: "", SERVER: STORE}.get(name, SERVER)
        if needed and needed not in there:
            first = ", ".join(f'"{each}"' for each in (STORE, SERVER) if each not in there)
            raise InvalidInput(
                f"{name} speaks to {needed}, which does not run.",
                f"`cluster.start({first})` first.",
            )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
