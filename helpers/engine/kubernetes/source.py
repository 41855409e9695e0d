"""Whatever tells of a cluster: the real one, or a test's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class ClusterSource(Protocol):
    """A cluster that can be asked; each call raises WorkbookError where it cannot tell."""

    def programs(self) -> Sequence[str]:
        """The programs of Kubernetes that run."""

    def get(self, *kinds: str, namespace: str | None) -> Sequence[Mapping[str, Any]]:
        """All objects of these kinds, as `kubectl get -o json` has them; None for any namespace."""

    def containers(self) -> Sequence[Mapping[str, Any]]:
        """What the node's runtime has, as the Engine API's GET /containers/json tells it."""
