"""Debian 13's engine in a container of the one that is tested, so with a network of its own.

Its image has the tree of its packages, and a busybox for what starts it.
"""

from __future__ import annotations

import io
import shutil
import tarfile
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
from helpers.engine.debian.tree_cache import unpacked_tree
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engines.tested_engine import DOCKER_26

TAG = "nested"
START = (
    "cd /usr/bin; ./busybox mkdir -p /etc/docker; "
    'echo "$SETTINGS" > /etc/docker/daemon.json; ./busybox mount -o remount,rw /sys; '
    "for folder in /sys/fs/cgroup /sys/fs/cgroup/* /proc/sys; do"
    " ./busybox mount -o remount,rw,bind $folder; done 2>/dev/null; "
    "exec dockerd --host unix:///sockets/docker.sock"
)
CAPABILITIES = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_NICE", "IPC_LOCK"]


@contextmanager
def nested_engine(
    outer: DockerClient, name: str, settings: str = "{}"
) -> Iterator[tuple[DockerClient, Endpoint]]:
    """A client of the newer engine, with busybox on it; all of it is gone afterwards.

    `settings` is its daemon.json.
    """
    if not outer.api.base_url.startswith("http+docker://localhost"):
        pytest.skip("an engine in a container needs one on this machine around it")
    sockets = Path(tempfile.mkdtemp(prefix="wbt-engine-"))
    labels = {"workbook.lesson": f"{LABEL}-engine"}  # a clean-up of the tests spares it
    try:
        _make_image(outer, name)
        outer.volumes.create(name, labels=labels)
        outer.containers.run(
            f"{name}:{TAG}", ["/usr/bin/busybox", "sh", "-c", START],
            name=name, labels=labels, detach=True,
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


def _make_image(outer: DockerClient, name: str) -> None:
    """Its image; the links are those of every Debian, whose programs are all below /usr."""
    tree = unpacked_tree(DOCKER_26.recipe, lambda progress: None, threading.Event())
    with tempfile.NamedTemporaryFile() as archive:
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.add(tree.usr, "usr")
            for link in ("bin", "sbin", "lib", "lib64"):
                entry = tarfile.TarInfo(link)
                entry.type, entry.linkname = tarfile.SYMTYPE, f"usr/{link}"
                tar.addfile(entry)
            for folder in ("etc", "run", "tmp", "var", "var/run"):
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            program = _busybox(outer)
            entry = tarfile.TarInfo("usr/bin/busybox")
            entry.size, entry.mode = len(program), 0o755
            tar.addfile(entry, io.BytesIO(program))
        archive.flush()
        outer.api.import_image_from_file(archive.name, repository=name, tag=TAG)


def _busybox(outer: DockerClient) -> bytes:
    """The program in busybox's image."""
    holder = outer.api.create_container(BUSYBOX, labels={"workbook.lesson": LABEL})["Id"]
    try:
        parts, _ = outer.api.get_archive(holder, "/bin/busybox")
        with tarfile.open(fileobj=io.BytesIO(b"".join(parts))) as tar:
            file = tar.extractfile("busybox")
            assert file is not None
            return file.read()
    finally:
        outer.api.remove_container(holder)


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
    if outer.images.list(name=f"{name}:{TAG}"):
        outer.images.remove(f"{name}:{TAG}", force=True)
