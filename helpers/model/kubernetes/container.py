"""The container that a cluster is in: its names, its ports, what its engine is told.

Like a node it is not privileged, and its engine listens at a Unix socket alone. The API server asks
for a certificate of the cluster's own authority, whose keys are made in the container and stay
there.
"""

from __future__ import annotations

from helpers.errors import InvalidInput
from helpers.model.node.node import SOCKET

NAME = "kubernetes"
# Of a Service's nodePorts these are published at 127.0.0.1 of this machine, one after the other.
NODE_PORTS = (30080, 30081)
FIRST_PUBLISHED = 4130
RUNC = "runc-as-it-may"
# A network of its own for pods, as large as a node of kubeadm's has.
_PODS = "198.18.0.1/24"


def published(port: int) -> dict[int, int]:
    """{nodePort: port of this machine}, from that one on; raises InvalidInput for none."""
    is_number = isinstance(port, int) and not isinstance(port, bool)
    if not is_number or not 1024 <= port <= 65_535 - len(NODE_PORTS):
        raise InvalidInput(
            f"port={port!r} is no port that a cluster could publish.",
            f"The usual one is {FIRST_PUBLISHED}; the next is taken as well.",
        )
    return {inside: port + number for number, inside in enumerate(NODE_PORTS)}


def daemon_options() -> list[str]:
    """The options of its dockerd."""
    return [
        f"--host=unix://{SOCKET}",
        f"--bip={_PODS}",
        "--shutdown-timeout=5",
        f"--add-runtime={RUNC}=/usr/local/bin/{RUNC}",
        f"--default-runtime={RUNC}",
    ]
