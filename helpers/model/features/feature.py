"""What an engine and its kernel can do: one feature, and all of one engine by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from helpers.outside import visible_repr

TITLES = {
    "privileged": "Privileged containers",
    "ipvs": "IPVS (Swarm's virtual addresses)",
    "kvm": "KVM (fast virtual machines)",
    "host_network": "Host networking",
    "emulation": "Programs of another architecture",
    "cgroup_v2": "cgroup v2",
    "cpu_limit": "CPU limits",
    "pids_limit": "Process limits",
    "memory_limit": "Memory limits",
    "user_namespaces": "User namespaces",
    "seccomp": "Seccomp",
    "local_storage": "Reading the engine's storage",
    "local_cgroups": "Reading cgroup files",
    "fast_readings": "Fast readings",
    "buildkit_api": "BuildKit over the API",
}


@dataclass(frozen=True)
class Feature:
    """One of TITLES that was tried; `available` is None where it could not be found out.

    `observed` is a sentence for the learner: what was seen, and what it means for the lessons.
    """

    name: str
    available: bool | None
    observed: str

    @property
    def title(self) -> str:
        """Its name for people."""
        return TITLES.get(self.name, self.name)


class Features(Mapping[str, Feature]):
    """The features of one engine, by name: `features["ipvs"].observed`."""

    def __init__(self, features: Iterable[Feature] = ()) -> None:
        self._by_name = {feature.name: feature for feature in features}

    def __getitem__(self, name: str) -> Feature:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    @visible_repr
    def __repr__(self) -> str:
        words = {True: "yes", False: "no", None: "unknown"}
        return "\n".join(
            f"{item.title}: {words[item.available]}. {item.observed}" for item in self.values()
        )

    def has(self, name: str) -> bool:
        """Whether that one is known to work; False too where it could not be found out."""
        return name in self and self[name].available is True

    def to_data(self) -> list[dict[str, object]]:
        """The features as plain data, for JSON: [{name, available, observed}]."""
        return [asdict(feature) for feature in self.values()]

    @classmethod
    def from_data(cls, data: object) -> Features:
        """The features in plain data; raises ValueError where it is damaged."""
        if not isinstance(data, list):
            raise ValueError("not a list of features")
        return cls(_feature(item) for item in data)


def _feature(item: object) -> Feature:
    if not isinstance(item, Mapping) or set(item) != {"name", "available", "observed"}:
        raise ValueError("not a feature")
    name, available, observed = item["name"], item["available"], item["observed"]
    if not (isinstance(name, str) and isinstance(observed, str)):
        raise ValueError("not a feature")
    if not (available is None or isinstance(available, bool)):
        raise ValueError("not a feature")
    return Feature(name, available, observed)
