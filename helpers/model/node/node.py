"""A node: an engine in a container, and all that its container is made with.

Its daemon listens at a Unix socket alone, so no port of it is open in the network. It is not
privileged: it has the capabilities that an engine uses, and no device of its machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

from helpers.errors import InvalidInput

NETWORK = "nodes"
REGISTRY = "registry:5000"
SOCKET = "/var/run/docker.sock"
DATA_ROOT = "/var/lib/docker"
PORT, FIRST_PUBLISHED = 80, 4121
MOST_NODES = 7
_LAST_PORT = 65_535
# What Docker gives every container, and Podman does not: a node gives on no more than it has.
_USUAL_CAPS = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_RAW"),
    *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
ADDED_CAPS = (*_USUAL_CAPS, "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_NICE", "IPC_LOCK")
UNCONFINED = ("seccomp=unconfined", "apparmor=unconfined")
# What lives while the node runs only, so that a killed one finds nothing of it when it starts.
RUN_FOLDER = {"/run": "rw,exec,mode=755"}
# dockerd takes from it that it is in a container, and leaves AppArmor's profiles alone.
VARIABLES = {"container": "docker"}
_START = """
mount -o remount,rw /sys
for folder in /sys/fs/cgroup /sys/fs/cgroup/* /proc/sys; do
    [ ! -d "$folder" ] || mount -o remount,rw,bind "$folder" 2> /dev/null
done
rm -rf /var/run/docker* /var/run/containerd
export NO_PROXY="registry,$(hostname -i)/16${NO_PROXY:+,$NO_PROXY}"
export no_proxy="$NO_PROXY"
exec dockerd-entrypoint.sh dockerd "$@"
"""
# The words that lead a connection to its daemon, as soon as that has made its socket: some seconds
# after `docker start` at the most.
_DIAL = f"""
tries=0
until [ -S {SOCKET} ] || [ $tries -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
exec docker --host=unix://{SOCKET} system dial-stdio
"""
DIAL = ("sh", "-c", _DIAL)


@dataclass(frozen=True)
class NodeFacts:
    """A node as a table shows it: `state` is its container's, `version` its engine's.

    `port` is that of this machine at which its port 80 is published; empty texts are not known.
    """

    name: str
    state: str
    version: str
    port: int


def node_names(count: int) -> tuple[str, ...]:
    """'node-1', 'node-2' …; raises InvalidInput for a number that cannot be."""
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_NODES:
        raise InvalidInput(
            f"{count!r} is no number of nodes.",
            f"Ask for 1 to {MOST_NODES}, as in `nodes(3)`: each is an engine of its own.",
        )
    return tuple(f"node-{number}" for number in range(1, count + 1))


def is_node_name(name: str) -> bool:
    """Whether it is the name of one that can be."""
    return name in node_names(MOST_NODES)


def address_in(subnet: str, name: str) -> str:
    """The address of 'node-1' in the nodes' network, the last one of all; before it node-2's.

    It stays the same when the node is started again: a swarm knows its machines by their addresses.
    Others in that network get the first ones.
    """
    return str(ip_network(subnet).broadcast_address - int(name.removeprefix("node-")))


def checked_port(port: int, count: int) -> int:
    """The port of this machine for node-1, the next for node-2; raises InvalidInput for none."""
    is_number = isinstance(port, int) and not isinstance(port, bool)
    if not is_number or not 1024 <= port <= _LAST_PORT - count:
        raise InvalidInput(
            f"port={port!r} is no port that nodes could publish.",
            f"The usual one is {FIRST_PUBLISHED}: node-1 has it, node-2 the one after it.",
        )
    return port


def entrypoint() -> list[str]:
    """What is run first in its container, ahead of the daemon's options."""
    return ["sh", "-c", _START, "node"]


def daemon_options() -> list[str]:
    """The options of its dockerd."""
    return [f"--host=unix://{SOCKET}", f"--insecure-registry={REGISTRY}", "--shutdown-timeout=5"]
