"""What `reconcile` takes, and its table."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.errors import InvalidInput
from helpers.notebook.reconcile import reconcile
from tests.unit.kubernetes_objects import (
    ON,
    containers_of,
    deployment,
    endpoints,
    pod,
    replica_set,
    service,
    unplaced,
)


class FakeCluster:
    """As much of a cluster as is asked for."""

    def programs(self) -> list[str]:
        return list(ON)

    def get(self, *kinds: str, namespace: str | None) -> list[dict[str, Any]]:
        pods = [pod("web-a-1", restarts=1), unplaced("web-a-2"), pod("other", "")]
        web = [deployment(revision=1), replica_set("web-a", 2), service(), deployment("cache")]
        pods[2]["metadata"]["labels"] = {}
        return [*web, *pods, endpoints(ready=("web-a-1",))]

    def containers(self) -> list[dict[str, Any]]:
        return containers_of("web-a-1")


def test_a_table_has_a_row_for_each_pod_in_kubectls_words() -> None:
    rows = reconcile(FakeCluster(), "web").table()
    assert rows.to_dict("records") == [
        {"owner": "web-a", "pod": "web-a-1", "version": "1", "status": "Running", "ready": "1/1",
         "restarts": 1, "node": "kubernetes", "containers": 2, "services": "web"},
        {"owner": "web-a", "pod": "web-a-2", "version": "1", "status": "Pending", "ready": "0/1",
         "restarts": 0, "node": "–", "containers": 0, "services": ""},
    ]  # fmt: skip
    assert len(reconcile(FakeCluster()).table()) == 3


@pytest.mark.parametrize("app", ["Web", "web!", "-web", 3, "w" * 254])
def test_what_is_no_name_is_refused(app: Any) -> None:
    with pytest.raises(InvalidInput, match="is no name of an app"):
        reconcile(FakeCluster(), app)


@pytest.mark.parametrize("cluster", [None, "kubernetes", object()])
def test_what_is_no_cluster_is_refused(cluster: Any) -> None:
    with pytest.raises(InvalidInput, match="is no cluster of"):
        reconcile(cluster)
