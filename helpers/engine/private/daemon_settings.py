"""The settings files of a private engine's two daemons, dockerd and containerd."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.engine.base.labels import PRIVATE_ENGINE
from helpers.engine.private.bridge import AddressRange

METRICS_PORT = 9323  # where Docker's documentation puts an engine's metrics
_MACHINE_SETTINGS = Path("/etc/docker/daemon.json")
# How this machine reaches registries and names: what its administrator set for Docker holds
# for the private engine too. Everything else there (storage, networks) is another engine's.
_INHERITED = (
    "registry-mirrors",
    "insecure-registries",
    "proxies",
    "dns",
    "dns-opts",
    "dns-search",
    "mtu",
)


@dataclass(frozen=True)
class DaemonPaths:
    """The paths and names that one private engine uses."""

    run_dir: Path
    data_root: Path
    bridge: str
    control_group: str

    @property
    def socket(self) -> Path:
        """The API's socket."""
        return self.run_dir / "docker.sock"

    @property
    def exec_root(self) -> Path:
        """dockerd's folder for what lives only while it runs."""
        return self.run_dir / "exec"

    @property
    def containerd_socket(self) -> Path:
        """The socket of this engine's own containerd."""
        return self.run_dir / "containerd.sock"

    @property
    def containerd_state(self) -> Path:
        """containerd's folder for running containers; their shims leave addresses in it."""
        return self.run_dir / "containerd"


def dockerd_settings(
    paths: DaemonPaths,
    addresses: AddressRange,
    *,
    version: int,
    mtu: int | None,
    machine: dict[str, Any],
) -> dict[str, Any]:
    """dockerd's daemon.json; `machine` is the machine's own one, of which a little holds here.

    Logs of containers are bounded (2 files of 5 MB each), as a lesson's app may talk for days.
    The engine's own metrics are served on its bridge, for its containers and this machine alone.
    live-restore is off: containers end with the engine. iptables is off, see firewall.py.
    """
    return {
        **({"mtu": mtu} if mtu else {}),
        **(_before_23(paths) if version < 23 else {}),
        **{key: machine[key] for key in _INHERITED if key in machine},
        "hosts": [f"unix://{paths.socket}"],
        "group": "root",
        "data-root": str(paths.data_root),
        "exec-root": str(paths.exec_root),
        "pidfile": str(paths.run_dir / "docker.pid"),
        "containerd": str(paths.containerd_socket),
        "labels": [PRIVATE_ENGINE],
        "bridge": paths.bridge,
        "default-address-pools": [{"base": str(addresses.pool), "size": addresses.pool_prefix}],
        "iptables": False,
        "ip6tables": False,
        "ip-forward": False,
        "ip-masq": False,
        "cgroup-parent": f"/{paths.control_group}",
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "live-restore": False,
        "log-driver": "json-file",
        "log-opts": {"max-size": "5m", "max-file": "2"},
        "features": {"buildkit": True},
        "metrics-addr": f"{addresses.gateway}:{METRICS_PORT}",
        **({"runtimes": runtimes} if (runtimes := sandbox_runtimes()) else {}),
    }


def sandbox_runtimes() -> dict[str, Any]:
    """gVisor's runtime, where this machine has it: lesson 05 measures it beside container and VM.

    With the container's own network, since its network stack needs more than each machine gives.
    """
    runsc = shutil.which("runsc")
    return {"runsc": {"path": runsc, "runtimeArgs": ["--network=host"]}} if runsc else {}


def _before_23(paths: DaemonPaths) -> dict[str, Any]:
    """An engine's id is that of a key in /etc/docker, which all engines of the machine would share:
    so it gets a key of its own.
    """
    return {"deprecated-key-path": str(paths.data_root / "key.json")}


def machine_settings(path: Path = _MACHINE_SETTINGS) -> dict[str, Any]:
    """What the machine's administrator set for Docker; empty where there is nothing readable."""
    try:
        settings = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return settings if isinstance(settings, dict) else {}


def containerd_settings(paths: DaemonPaths) -> str:
    """containerd's config.toml: its own root, state and socket, and nothing for Kubernetes.

    The plug-in `opt` is off because it makes a folder in /opt.
    """
    quoted = {
        "root": str(paths.data_root / "containerd" / "daemon"),
        "state": str(paths.containerd_state),
    }
    return "\n".join(
        [
            "version = 2",
            *(f"{key} = {json.dumps(value)}" for key, value in quoted.items()),
            'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
            "[grpc]",
            f"address = {json.dumps(str(paths.containerd_socket))}",
            "",
        ]
    )
