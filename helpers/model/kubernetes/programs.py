"""The programs that a cluster is made of, in the order in which they are started."""

from __future__ import annotations

PROGRAMS = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
)
