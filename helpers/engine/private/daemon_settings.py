"""The settings files of a private engine's two daemons, dockerd and containerd."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.engine.base.labels import PRIVATE_LABEL
from helpers.engine.base.mounts import filesystem_of
from helpers.engine.private.bridge import AddressRange
from helpers.engine.private.engine_release import Store
from helpers.engine.private.mount_namespace import MountNamespace

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

_NOT_NEEDED = [
    "io.containerd.grpc.v1.cri",
    "io.containerd.cri.v1.images",
    "io.containerd.cri.v1.runtime",
    "io.containerd.internal.v1.opt",
    "io.containerd.nri.v1.nri",
]
# Where Debian's packages, or those of other releases of them, have what dockerd starts.
_PROGRAMS = {
    "init-path": ("bin/docker-init", "libexec/docker/docker-init", "bin/tini-static"),
    "userland-proxy-path": ("sbin/docker-proxy", "bin/docker-proxy", "libexec/docker/docker-proxy"),
}


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
    def programs(self) -> Path:
        """The folder for the links to programs that come first on the daemons' PATH."""
        return self.run_dir / "bin"

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
    store: Store,
    mtu: int | None,
    machine: dict[str, Any],
    programs: dict[str, Any],
) -> dict[str, Any]:
    """dockerd's daemon.json; `machine` is the machine's own one, of which a little holds here, and
    `programs` the settings that name programs.

    Logs of containers are bounded (2 files of 5 MB each), as a lesson's app may talk for days.
    live-restore is off: containers end with the engine.
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
        "labels": [PRIVATE_LABEL],
        **_network(paths, addresses),
        "cgroup-parent": f"/{paths.control_group}",
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "live-restore": False,
        "log-driver": "json-file",
        "log-opts": {"max-size": "5m", "max-file": "2"},
        "features": {"buildkit": True, **_store_feature(store, version)},
        **_storage_driver(paths, store),
        **programs,
    }


def _network(paths: DaemonPaths, addresses: AddressRange) -> dict[str, Any]:
    """Its own bridge and addresses; its rules are not its own doing, see firewall.py.

    Its metrics are served on its bridge, for its containers and this machine alone.
    """
    return {
        "bridge": paths.bridge,
        "default-address-pools": [{"base": str(addresses.pool), "size": addresses.pool_prefix}],
        "iptables": False,
        "ip6tables": False,
        "ip-forward": False,
        "ip-masq": False,
        "metrics-addr": f"{addresses.gateway}:{METRICS_PORT}",
    }


def program_settings(namespace: MountNamespace) -> dict[str, Any]:
    """The programs that dockerd starts: those of its own packages, and gVisor's of the machine.

    Lesson 06 measures gVisor, where this machine has it, beside container and VM. It gets the
    container's own network, since its network stack needs more than each machine gives.
    """
    runsc = shutil.which("runsc")
    sandbox = {"path": namespace.of_host(runsc), "runtimeArgs": ["--network=host"]} if runsc else {}
    return {
        **{key: path for key, names in _PROGRAMS.items() if (path := _first(namespace, names))},
        **({"runtimes": {"runsc": sandbox}} if sandbox else {}),
    }


def _first(namespace: MountNamespace, names: tuple[str, ...]) -> str:
    """The first of the paths below /usr that the packages have; empty where they have none."""
    return next((f"/usr/{name}" for name in names if (namespace.usr / name).exists()), "")


def _store_feature(store: Store, version: int) -> dict[str, bool]:
    """The switch of the image store, which engines have had since 24."""
    return {"containerd-snapshotter": store == "containerd"} if version >= 24 else {}


def _storage_driver(paths: DaemonPaths, store: Store) -> dict[str, str]:
    """The snapshotter that copies, where the data lie on an overlay: no other can lie on one.

    The classic store finds its own way there.
    """
    is_overlay = filesystem_of(paths.data_root) == "overlay"
    return {"storage-driver": "native"} if store == "containerd" and is_overlay else {}


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

    The plug-in `opt` is off because it makes a folder in /opt, `nri` because it makes one in /run.
    """
    quoted = {
        "root": str(paths.data_root / "containerd" / "daemon"),
        "state": str(paths.containerd_state),
    }
    return "\n".join(
        [
            "version = 2",
            *(f"{key} = {json.dumps(value)}" for key, value in quoted.items()),
            f"disabled_plugins = {json.dumps(_NOT_NEEDED)}",
            "[grpc]",
            f"address = {json.dumps(str(paths.containerd_socket))}",
            "",
        ]
    )
