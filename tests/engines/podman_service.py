"""Podman's service, which answers Docker's API, run from a tree of unpacked packages.

It sees the host's files and network. Its programs, its /run and its settings are its own, in a
mount namespace; what it keeps is in one folder. Nothing is installed.
"""

from __future__ import annotations

import json
import resource
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
import psutil
from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.private.answering import pings

_START_SECONDS = 20
_STOP_SECONDS = 10
# /usr comes last: the tree has no programs but those that the service needs. Podman counts by the
# kernel's old control groups where those are what a machine has, from 6 on not any more: then it
# gets the new ones, in which this machine can bound nothing.
_ENTER = """\
set -e
mount --make-rslave /
resolver=$(readlink -f /etc/resolv.conf)
cp "$resolver" "$STATE/resolv.conf"
mount -t tmpfs tmpfs /run
mkdir -p /run/lock "$(dirname "$resolver")"
[ -e "$resolver" ] || cp "$STATE/resolv.conf" "$resolver"
if [ "$(stat -f -c %T /sys/fs/cgroup)" = tmpfs ]; then
    if [ "$NEW_GROUPS" = yes ]; then mount -t cgroup2 none /sys/fs/cgroup
    elif mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
fi
mount -t overlay overlay -o "lowerdir=$STATE/etc:/etc" /etc
mount --bind "$TREE/usr" /usr
exec podman system service --time 0 "unix://$STATE/podman.sock"
"""
_SETTINGS = """\
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
image_copy_tmp_dir = "{state}/tmp"
[network]
network_config_dir = "{state}/networks"
firewall_driver = "{firewall}"
default_subnet = "10.199.0.0/24"
default_subnet_pools = [{{"base" = "10.199.128.0/17", "size" = 24}}]
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile={files}", "nproc={processes}"]
{more}
"""
# Netavark's own, where it speaks to nftables.
_TABLE = "inet netavark"
_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{state}/storage"
runroot = "/run/containers/storage"
"""
# Docker speaks plain HTTP to a registry of this machine unasked, Podman where it is told to: to the
# registry of lesson 05, and to the cache before it.
_REGISTRIES = 'unqualified-search-registries = ["docker.io"]\n' + "".join(
    f'[[registry]]\nlocation = "localhost:{port}"\ninsecure = true\n' for port in (5004, 5005)
)


@contextmanager
def podman_service(tree: UnpackedTree, state: Path) -> Iterator[str]:
    """Its address, as long as the block runs; its containers are gone afterwards."""
    _write_settings(tree, state)
    log, chains, tables = (state / "podman.log").open("ab"), _chains(), _tables(tree)
    service = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", _ENTER],
        env=_environment(tree, state),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    host = f"unix://{state / 'podman.sock'}"
    try:
        _wait(service, state)
        yield host
    finally:
        if service.poll() is None:
            _remove_containers(host)
        _end(service)
        _end_monitors(state)
        log.close()
        if not chains:
            _remove_chains()
        if _TABLE not in tables:
            _nft(tree, "delete", "table", *_TABLE.split())


def _major(tree: UnpackedTree, package: str = "podman") -> int:
    return int(tree.versions[package].rpartition(":")[2].partition(".")[0])


def _firewall(tree: UnpackedTree) -> str:
    """What its network program speaks to: from netavark 2 on nothing but nftables."""
    return "iptables" if _major(tree, "netavark") < 2 else "nftables"


def _write_settings(tree: UnpackedTree, state: Path) -> None:
    settings = state / "home/.config/containers"
    for folder in (settings, state / "tmp", state / "networks", state / "storage"):
        folder.mkdir(parents=True, exist_ok=True)
    limits = {
        name: ":".join(map(str, resource.getrlimit(kind)))
        for name, kind in (("files", resource.RLIMIT_NOFILE), ("processes", resource.RLIMIT_NPROC))
    }
    more = "" if _major(tree) < 6 or _has_new_groups() else "pids_limit = 0"
    (settings / "containers.conf").write_text(
        _SETTINGS.format(state=state, firewall=_firewall(tree), more=more, **limits)
    )
    (settings / "storage.conf").write_text(_STORAGE.format(state=state))
    # `docker commit` looks for it in /etc alone.
    policy = state / "etc/containers/policy.json"
    policy.parent.mkdir(parents=True)
    policy.write_text(json.dumps({"default": [{"type": "insecureAcceptAnything"}]}))
    (settings / "registries.conf").write_text(_REGISTRIES)


def _has_new_groups() -> bool:
    return Path("/sys/fs/cgroup/cgroup.controllers").is_file()


def _environment(tree: UnpackedTree, state: Path) -> dict[str, str]:
    settings = state / "home/.config/containers"
    return {
        **tree.environment,
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(state / "home"),
        "STATE": str(state),
        "TREE": str(tree.folder),
        "NEW_GROUPS": "yes" if _major(tree) >= 6 else "no",
        "CONTAINERS_CONF": str(settings / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(settings / "storage.conf"),
        "CONTAINERS_REGISTRIES_CONF": str(settings / "registries.conf"),
        "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
    }


def _wait(service: subprocess.Popen[bytes], state: Path) -> None:
    """It answers; AssertionError with its log where it does not."""
    pause = threading.Event()
    for _ in range(_START_SECONDS * 20):
        if pings(state / "podman.sock"):
            return
        if service.poll() is not None:
            break
        pause.wait(0.05)
    raise AssertionError((state / "podman.log").read_text(errors="replace")[-2000:])


def _remove_containers(host: str) -> None:
    """No container, so no process and no network device of one, is left."""
    with suppress(DockerException, RequestException):
        client = docker.DockerClient(base_url=host, version="auto", timeout=60)
        for container in client.api.containers(all=True):
            with suppress(DockerException):
                client.api.remove_container(container["Id"], v=True, force=True)
        client.close()


def _end_monitors(state: Path) -> None:
    """No conmon is left that watched a container of this service; some outlive its removal."""
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["name"] == "conmon" and any(str(state) in word for word in words):
            with suppress(psutil.Error):
                process.kill()


def _end(service: subprocess.Popen[bytes]) -> None:
    """It and all that it started have ended."""
    family = psutil.Process(service.pid).children(recursive=True) if service.poll() is None else []
    service.send_signal(signal.SIGTERM)
    try:
        service.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _tables(tree: UnpackedTree) -> list[str]:
    """All tables of nftables: 'inet netavark'."""
    return [line.removeprefix("table ") for line in _nft(tree, "list", "tables").splitlines()]


def _nft(tree: UnpackedTree, *words: str) -> str:
    return subprocess.run(
        tree.command("nft", *words),
        env=dict(tree.environment),
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def _rules() -> list[tuple[str, list[str]]]:
    """(table, words of a rule) for all that Podman's network program has in the filter."""
    listed = []
    for table in ("filter", "nat"):
        words = ["iptables", "-w", "-t", table, "-S"]
        rules = subprocess.run(words, capture_output=True, text=True, check=False).stdout
        listed += [(table, shlex.split(line)) for line in rules.splitlines() if "NETAVARK" in line]
    return listed


def _chains() -> list[tuple[str, str]]:
    return [(table, words[1]) for table, words in _rules() if words[0] == "-N"]


def _remove_chains() -> None:
    """Podman leaves its chains of the filter to the next start; this one has none."""
    for verb in ("-F", "-D", "-X"):
        for table, words in _rules():
            if verb == "-D" and words[0] == "-A" and not words[1].startswith("NETAVARK"):
                _filter(table, "-D", *words[1:])
            elif verb != "-D" and words[0] == "-N":
                _filter(table, verb, words[1])


def _filter(table: str, *words: str) -> None:
    subprocess.run(["iptables", "-w", "-t", table, *words], capture_output=True, check=False)
