"""A newer engine in a container of the one that is tested: Debian 13's docker.io.

Its image is unpacked from the distribution's packages and never configured, which takes seconds.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker as sdk
import pytest
from docker import DockerClient
from docker.errors import DockerException

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.file_lock import exclusive
from tests.engine.conftest import BUSYBOX, LABEL

SUITE = "trixie"
PACKAGES = ("base-files", "docker.io", "iptables", "dash", "coreutils", "mount")
# What nobody configured: the alternatives of iptables.
HOOK = 'for one in iptables ip6tables; do ln -s xtables-nft-multi "$1/usr/sbin/$one"; done'
# Where images live: the store that Docker Desktop and new installations of Docker 29 have.
CONTAINERD_STORE = '{"features": {"containerd-snapshotter": true}}'
START = (
    'mkdir -p /etc/docker; echo "$SETTINGS" > /etc/docker/daemon.json; '
    "mount -o remount,rw /sys; "
    "for place in /sys/fs/cgroup /sys/fs/cgroup/* /proc/sys; do"
    " mount -o remount,rw,bind $place; done 2>/dev/null; "
    "exec dockerd --host unix:///sockets/docker.sock"
)
CAPABILITIES = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_NICE", "IPC_LOCK"]


@contextmanager
def nested_engine(
    outer: DockerClient, name: str, folder: Path, settings: str = "{}"
) -> Iterator[tuple[DockerClient, Endpoint]]:
    """A client of the newer engine, with busybox on it; all of it is gone afterwards.

    `settings` is its daemon.json; in `folder` its files stay for the next one.
    """
    if not shutil.which("mmdebstrap") or not outer.api.base_url.startswith(
        "http+docker://localhost"
    ):
        pytest.skip("a newer engine needs mmdebstrap, and an engine on this machine")
    sockets = Path(tempfile.mkdtemp(prefix="wbt-engine-"))
    labels = {"workbook.lesson": f"{LABEL}-engine"}  # a clean-up of the tests spares it
    try:
        _make_image(outer, name, folder)
        outer.volumes.create(name, labels=labels)
        outer.containers.run(
            f"{name}:{SUITE}", ["sh", "-c", START], name=name, labels=labels, detach=True,
            environment={"SETTINGS": settings}, cap_add=CAPABILITIES,
            security_opt=["seccomp=unconfined", "apparmor=unconfined"],
            device_cgroup_rules=["a *:* rwm"],
            volumes={name: {"bind": "/var/lib/docker"}, str(sockets): {"bind": "/sockets"}},
        )  # fmt: skip
        host = f"unix://{sockets / 'docker.sock'}"
        with _client(host, outer, name) as client:
            client.images.load(b"".join(outer.images.get(BUSYBOX).save(named=True)))
            yield client, Endpoint(host, "a test")
    finally:
        _remove(outer, name)
        shutil.rmtree(sockets, ignore_errors=True)


def _make_image(outer: DockerClient, name: str, folder: Path) -> None:
    archive = folder / f"engine-of-{SUITE}.tar"
    with exclusive(archive.with_suffix(".lock"), threading.Event()):
        if not archive.exists():
            _unpack(archive)
    outer.api.import_image_from_file(str(archive), repository=name, tag=SUITE)


def _unpack(archive: Path) -> None:
    """The archive has all files of the packages; it is there when it is whole."""
    draft = archive.with_suffix(".new")
    words = [
        "mmdebstrap", "--quiet", "--variant=extract", f"--include={','.join(PACKAGES)}",
        f"--extract-hook={HOOK}", "--format=tar", SUITE, str(draft),
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    draft.replace(archive)


@contextmanager
def _client(host: str, outer: DockerClient, name: str) -> Iterator[DockerClient]:
    """A client, as soon as the engine answers."""
    pause = threading.Event()
    for _ in range(300):
        try:
            client = sdk.DockerClient(base_url=host, version="auto", timeout=60)
            break
        except DockerException:
            pause.wait(0.1)
    else:
        raise AssertionError(outer.containers.get(name).logs(tail=20).decode())
    try:
        yield client
    finally:
        client.close()


def _remove(outer: DockerClient, name: str) -> None:
    for container in outer.containers.list(all=True, filters={"name": f"^{name}$"}):
        container.remove(v=True, force=True)
    for volume in outer.volumes.list(filters={"name": name}):
        volume.remove(force=True)
    if outer.images.list(name=f"{name}:{SUITE}"):
        outer.images.remove(f"{name}:{SUITE}", force=True)
