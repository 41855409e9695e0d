"""`reconcile(cluster)`: what is wished of a cluster, what is observed, and the programs between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.engine.base.text_frame import text_frame
from helpers.engine.kubernetes.feed import ClusterFeed
from helpers.engine.kubernetes.source import ClusterSource
from helpers.errors import InvalidInput
from helpers.model.kubernetes.pod import Pod
from helpers.views.kubernetes import words
from helpers.views.kubernetes.reconcile_view import ReconcileView

if TYPE_CHECKING:
    import pandas

_COLUMNS = (
    "owner", "pod", "version", "status", "ready", "restarts", "node", "containers", "services",
)  # fmt: skip
# Of objects of most kinds: RFC 1123's names of hosts.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


class NotebookReconcile(ReconcileView):
    """A cluster, wished and observed, as a cell shows it."""

    def table(self) -> pandas.DataFrame:
        """One row for each pod: who made it, kubectl's words for it, and who leads to it."""
        import pandas

        rows = [self._row(pod) for pod in self.now.pods]
        return text_frame(pandas.DataFrame(rows, columns=list(_COLUMNS)))

    def _row(self, pod: Pod) -> dict[str, object]:
        services = self.now.services_to(pod)
        return {
            "owner": pod.meta.owner_name,
            "pod": pod.meta.full_name,
            "version": pod.version,
            "status": pod.status,
            "ready": f"{pod.ready_containers}/{pod.containers}",
            "restarts": pod.restarts,
            "node": pod.node or words.NOTHING,
            "containers": len(self.now.containers_of(pod)),
            "services": ", ".join(each.meta.full_name for each in services),
        }


def reconcile(cluster: ClusterSource, app: str = "") -> NotebookReconcile:
    """What is wished of a cluster on the left, what is observed on the right, the programs between.

    It goes from floor to floor: Deployments, ReplicaSets, pods with a node, containers, Services.
    A pod is a tile on the floor of the last program that had to do with it; a floor where what is
    observed is not what is wished has the sign ≠. With an `app` it shows what belongs to that: the
    Deployment of that name, and what has it as its label `app`. It is read twice a second from the
    cluster's API server and its node's runtime; nothing is changed.

    Raises InvalidInput for what is no cluster of `kubernetes()` or no name of an app; EngineError
    where the cluster's container is gone.
    """
    if not all(
        callable(getattr(cluster, each, None)) for each in ("programs", "get", "containers")
    ):
        raise InvalidInput(
            f"{cluster!r} is no cluster of `kubernetes()`.", "Say `cluster = kubernetes()` first."
        )
    if app and not (isinstance(app, str) and _NAME.fullmatch(app)):
        raise InvalidInput(
            f"{app!r} is no name of an app: lower-case letters, digits, dots and -.",
            "`%kubectl get deployments --show-labels` lists names and labels.",
        )
    feed = ClusterFeed(cluster, app)
    return NotebookReconcile(feed.newest, feed)
