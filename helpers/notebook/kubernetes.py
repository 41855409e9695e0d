"""`kubernetes()`: a cluster in one container, whose programs are started one by one."""

from __future__ import annotations

from helpers.engine.kubernetes.cluster import Cluster
from helpers.model.kubernetes.container import FIRST_PUBLISHED
from helpers.notebook.session import current_engine


def kubernetes(*, port: int = FIRST_PUBLISHED) -> Cluster:
    """The cluster: a container `kubernetes` with an engine in it, and no program of Kubernetes yet.

    `cluster.start("etcd", "kube-apiserver")` starts some, `cluster.start()` all six, and
    `%kubectl …` is typed to it. A Service's nodePort 30080 is 127.0.0.1:4130 of this machine, or
    `port`, 30081 the next. What is there already is found again, and what ran before its container
    was restarted is started; `engine.clean_up()` takes all away.

    Raises InvalidInput, NameInUse, PortInUse, ImageUnavailable, NotReady and Interrupted.
    """
    cluster = current_engine().cluster
    cluster.up(port)
    return cluster
