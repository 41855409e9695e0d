"""The container that a cluster is in: its names, its ports, what its engine is told.

Like a node it is not privileged, and its engine listens at a Unix socket alone. The API server asks
for a certificate of the cluster's own authority, whose keys are made in the container and stay
there.
"""

from __future__ import annotations

from helpers.model.node.node import SOCKET

NAME = "kubernetes"
# {port of a Service's nodePort: port of this machine, at 127.0.0.1}
PORTS = {30080: 4130, 30081: 4131}
RUNC = "runc-as-it-may"
# A network of its own for pods, as large as a node of kubeadm's has.
_PODS = "10.244.0.1/24"


def daemon_options() -> list[str]:
    """The options of its dockerd."""
    return [
        f"--host=unix://{SOCKET}",
        f"--bip={_PODS}",
        "--shutdown-timeout=5",
        f"--add-runtime={RUNC}=/usr/local/bin/{RUNC}",
        f"--default-runtime={RUNC}",
    ]
