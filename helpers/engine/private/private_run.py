"""One run of a private engine, from what it does to the machine to the last trace's removal."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from helpers.engine.base.disk_answers import is_full
from helpers.engine.base.mounts import points_within, unmount_within
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.host.trust import machine_bundle
from helpers.engine.private import baseline, bridge, daemon_log, firewall, processes
from helpers.engine.private.answering import accepts, pings
from helpers.engine.private.cgroups import ControlGroup
from helpers.engine.private.daemon import Daemon, disk_full
from helpers.engine.private.daemon_settings import (
    DaemonPaths,
    containerd_settings,
    dockerd_settings,
    machine_settings,
    program_settings,
)
from helpers.engine.private.engine_release import Store, engine_version
from helpers.engine.private.leases import exclusive
from helpers.engine.private.mount_namespace import MountNamespace
from helpers.engine.private.network_records import (
    are_of_another_range,
    forget_default_network,
    forget_networks,
)
from helpers.engine.private.network_tools import backend, link_iptables
from helpers.engine.private.private_needs import check_space
from helpers.errors import SetupFailed

_DAEMONS_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
_START_SECONDS = 60.0
_GRACE_SECONDS = 2.0
_SHUTDOWN_SECONDS = 15.0
_SHIM_SOCKETS = Path("/run/containerd/s")  # compiled into containerd's shims, for all engines
_SHIM_SOCKET = re.compile(rf"{_SHIM_SOCKETS}/[0-9a-f]+")
_SHARED_FOLDERS = (
    _SHIM_SOCKETS,
    _SHIM_SOCKETS.parent,
    Path("/run/docker/plugins"),
    Path("/run/docker"),
)


class PrivateRun:
    """What happens between start and stop; whoever calls it holds the engine's lock."""

    def __init__(self, name: str, paths: DaemonPaths, log: Path) -> None:
        self._name = name
        self._paths = paths
        self._log = log
        self._mark = str(paths.run_dir)
        self._chain = f"WORKBOOK-{paths.bridge}"
        self._note = paths.run_dir / "before.json"

    def has_traces(self) -> bool:
        """True where it runs or something of it is left on the machine."""
        return (
            self._paths.run_dir.exists()
            or self._paths.bridge in bridge.link_names()
            or bool(processes.marked(self._mark))
        )

    def launch(self, tree: UnpackedTree, store: Store) -> None:
        """Both daemons of the tree run and answer; else SetupFailed, and nothing is left."""
        namespace = MountNamespace(tree.usr, self._paths.run_dir / "tree")
        try:
            self._prepare_folders()
            namespace.prepare()
            link_iptables(self._paths.programs, backend())
            ControlGroup(self._paths.control_group).create()
            self._write_settings(self._prepare_network(), namespace, engine_version(tree), store)
            self._bring_up_daemons(namespace)
        except OSError as error:
            self._undo()
            if is_full(error):
                raise disk_full(self._paths.data_root) from error
            raise SetupFailed(
                f"The private engine could not be prepared: {error}.",
                "Mend that, or use an engine of your own (DOCKER_HOST).",
            ) from error
        except BaseException:
            self._undo()
            raise

    def shut_down(self) -> None:
        """The daemons have ended in order; containers had 2 s after SIGTERM.

        dockerd gets the signal first, so that it takes their end for its own doing and restart
        policies stay as they are; it would wait 10 s and more for those that ignore SIGTERM.
        """
        daemons = processes.marked(self._mark)
        dockerd = processes.running("dockerd", daemons)
        processes.send(signal.SIGTERM, dockerd)
        if processes.wait_ended(dockerd, _GRACE_SECONDS):
            ControlGroup(self._paths.control_group).kill()
            processes.wait_ended(dockerd, _SHUTDOWN_SECONDS)
        processes.end(processes.running("containerd", daemons), _SHUTDOWN_SECONDS)

    def clear(self) -> None:
        """Nothing is left on the machine but data root and log, whatever state it was in."""
        if not self.has_traces():
            return
        self._kill_all()
        before = self._before()
        self._remove_shared(before["made"])
        unmount_within(self._paths.run_dir, keep=())
        unmount_within(self._paths.data_root, keep=before["mounts"])
        own = bridge.own_links(self._paths.bridge, self._paths.data_root, before["links"])
        bridge.delete_links(own)
        with exclusive(baseline.MACHINE_LOCK):
            firewall.delete_rules_naming(own)
            firewall.close_ways(self._chain)
        ControlGroup(self._paths.control_group).remove()
        if not points_within(self._paths.run_dir):  # never into what is mounted there
            shutil.rmtree(self._paths.run_dir, ignore_errors=True)
        baseline.leave(self._paths.run_dir)

    def _undo(self) -> None:
        """What was begun is cleared away, to the end."""
        with processes.undisturbed():
            self.clear()

    def _prepare_folders(self) -> None:
        """The folders and the log stand, and what the machine had before is written down."""
        for folder in (self._paths.data_root, self._log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        check_space(self._paths.data_root)
        forget_default_network(self._paths.data_root)
        self._paths.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = {
            "links": sorted(bridge.link_names()),
            "mounts": points_within(self._paths.data_root),
            "made": [str(path) for path in _SHARED_FOLDERS if not path.exists()],
        }
        self._note.write_text(json.dumps(before))
        daemon_log.bound(self._log)

    def _prepare_network(self) -> bridge.AddressRange:
        """The bridge with a range of its own, and the filter; one engine at a time does this."""
        data_root, device = self._paths.data_root, self._paths.bridge
        kept = data_root / "workbook-range"
        with exclusive(baseline.MACHINE_LOCK):
            others = bridge.bridges()
            last = kept.read_text().strip() if kept.is_file() else None
            addresses = bridge.choose_range(self._name, bridge.taken_networks(), last)
            is_new = last != str(addresses.whole)
            if is_new or are_of_another_range(data_root, device, addresses.whole):
                forget_networks(data_root)
            baseline.enter(self._paths.run_dir)
            bridge.create_bridge(device, addresses)
            firewall.open_ways(self._chain, device, addresses, others)
        kept.write_text(f"{addresses.whole}\n")
        return addresses

    def _write_settings(
        self,
        addresses: bridge.AddressRange,
        namespace: MountNamespace,
        version: str,
        store: Store,
    ) -> None:
        """The settings files of both daemons are in the run folder."""
        major = version.partition(".")[0]
        settings = dockerd_settings(
            self._paths,
            addresses,
            version=int(major) if major.isdecimal() else 0,
            store=store,
            mtu=bridge.smaller_mtu(),
            machine=machine_settings(),
            programs=program_settings(namespace),
        )
        (self._paths.run_dir / "daemon.json").write_text(json.dumps(settings, indent=1))
        (self._paths.run_dir / "containerd.toml").write_text(containerd_settings(self._paths))

    def _bring_up_daemons(self, namespace: MountNamespace) -> None:
        """containerd answers, then dockerd, which joins it in its namespace.

        Both mount containers' files, and each must see what the other mounted.
        """
        run_dir, sockets = self._paths.run_dir, self._paths
        containerd = ["/usr/bin/containerd", "--config", str(run_dir / "containerd.toml")]
        dockerd = ["/usr/sbin/dockerd", "--config-file", str(run_dir / "daemon.json")]
        pid = self._daemon(
            "containerd",
            namespace.entering(*containerd),
            lambda: accepts(sockets.containerd_socket),
        ).bring_up(_START_SECONDS)
        self._daemon(
            "dockerd", namespace.joining(pid, *dockerd), lambda: pings(sockets.socket)
        ).bring_up(_START_SECONDS)

    def _daemon(self, name: str, words: list[str], answers: Callable[[], bool]) -> Daemon:
        return Daemon(
            name=name,
            words=words,
            mark=self._mark,
            variables={"PATH": f"{self._paths.programs}:{_DAEMONS_PATH}", **_certificates()},
            log=self._log,
            notify=self._paths.run_dir / f"{name}.ready",
            store=self._paths.data_root,
            answers=answers,
        )

    def _kill_all(self) -> None:
        """No process of it lives: daemons first, so that nothing is started anew."""
        group = ControlGroup(self._paths.control_group)
        while pids := processes.marked(self._mark):
            processes.send(signal.SIGKILL, pids)
            processes.wait_ended(pids, _SHUTDOWN_SECONDS)
        group.kill()

    def _before(self) -> dict[str, list[str]]:
        """What was on the machine before this run; nothing where the note is lost."""
        known: dict[str, list[str]] = {"links": [], "mounts": [], "made": []}
        try:
            known.update(json.loads(self._note.read_text()))
        except (OSError, ValueError):
            known["mounts"] = [str(self._paths.data_root)]
        return known

    def _remove_shared(self, made: list[str]) -> None:
        """Its shims' sockets are gone from their shared folder, and folders that came with it."""
        for bundle in self._paths.containerd_state.glob("*/*/*"):
            for name in ("address", "bootstrap.json"):  # of containerd 1 and 2
                note = bundle / name
                for path in _SHIM_SOCKET.findall(note.read_text() if note.is_file() else ""):
                    Path(path).unlink(missing_ok=True)
        for folder in made:
            try:
                Path(folder).rmdir()
            except OSError:
                continue


def _certificates() -> dict[str, str]:
    """Where the daemons find certificates on a machine that has none: those of certifi."""
    if machine_bundle():
        return {}
    import certifi

    return {"SSL_CERT_FILE": certifi.where()}
