"""What the tests of the private engine share: a tiny image, a picture of the machine, servers."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from docker import DockerClient
from docker.models.containers import Container

from helpers.engine.private import PrivateEngine
from helpers.engine.private.bridge import bridge_name, links

IMAGE = "wbpriv-busybox:1"
APPLETS = ("sh", "httpd", "wget", "sleep", "ping", "nc", "cat", "echo", "ip", "timeout")


def busybox(folder: Path) -> Path:
    """A static busybox: the machine's own, or the one of the distribution's package."""
    here = Path("/bin/busybox")
    if here.is_file() and b"/lib64/ld-linux" not in here.read_bytes()[:4096]:
        return here
    subprocess.run(
        ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "busybox-static"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    package = next(folder.glob("busybox-static_*.deb"))
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder / "out")], check=True)
    return next(path for path in (folder / "out").rglob("busybox") if path.stat().st_size > 100_000)


def root_filesystem(program: Path) -> bytes:
    """A tar with busybox, its applets as links, and a page to serve."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for folder in ("bin", "tmp", "www"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)
        _add(archive, "bin/busybox", program.read_bytes(), 0o755)
        _add(archive, "www/index.html", b"hello from the container\n", 0o644)
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


@contextmanager
def client_of(engine: PrivateEngine, rootfs: bytes | None = None) -> Iterator[DockerClient]:
    """The SDK's client of the engine, with the tiny image on it where its files are given."""
    client = docker.DockerClient(base_url=engine.host, timeout=60)
    try:
        if rootfs is not None:
            client.api.import_image_from_data(rootfs, repository="wbpriv-busybox", tag="1")
        yield client
    finally:
        client.close()


def hardware_address(engine: PrivateEngine) -> str:
    """That of its bridge device now."""
    device = bridge_name(engine.name)
    return next(str(link["address"]) for link in links() if link["ifname"] == device)


def range_of(engine: PrivateEngine) -> str:
    """The addresses that it has, or had when it ran last."""
    return (engine.data_root / "workbook-range").read_text().strip()


@contextmanager
def taken(addresses: str) -> Iterator[None]:
    """A block in which this machine routes these elsewhere, as a VPN would."""
    subprocess.run(["ip", "link", "add", "wbpriv-vpn", "type", "bridge"], check=True)
    try:
        subprocess.run(["ip", "link", "set", "wbpriv-vpn", "up"], check=True)
        subprocess.run(["ip", "route", "add", addresses, "dev", "wbpriv-vpn"], check=True)
        yield
    finally:
        subprocess.run(["ip", "link", "delete", "wbpriv-vpn"], check=True)


def web_server(client: DockerClient, **settings: object) -> Container:
    """A container that serves its page on port 80 until it is stopped."""
    return client.containers.run(
        IMAGE, ["httpd", "-f", "-p", "80", "-h", "/www"], detach=True, **settings
    )


# What other engines on the machine do meanwhile: the usual one, and private ones of other names.
OTHERS = re.compile(
    r"docker0|/run/docker/|/run/containerd/s/|/docker/|docker-workbook(?!-wbpriv)"
    r"|WORKBOOK-(?!wb-wbpriv)|workbook0"
)


def picture() -> set[str]:
    """Everything that an engine could leave on a machine, one line for each thing."""
    lines = {
        *(f"link {line.split(maxsplit=1)[1]}" for line in _lines("ip", "-o", "link", "show")),
        *(f"address {line}" for line in _lines("ip", "-4", "-o", "addr", "show")),
        *(f"route {line}" for line in _lines("ip", "-4", "route", "show", "table", "all")),
        *rules(),
        *(f"mount {line.split()[4]}" for line in _text("/proc/self/mountinfo").splitlines()),
        *(f"group {path}" for path in Path("/sys/fs/cgroup").rglob("*") if path.is_dir()),
        *(f"file {path}" for root in ("/run", "/etc/docker", "/opt") for path in _files(root)),
        f"forwarding {_text('/proc/sys/net/ipv4/ip_forward')}",
    }
    return {line for line in lines if not OTHERS.search(line)}


def left_over(before: set[str], during: set[str], after: set[str]) -> list[str]:
    """What came between the first two pictures and is still on the third."""
    return sorted((during - before) & after)


def shim_sockets(engine: PrivateEngine) -> set[Path]:
    """The sockets of the engine's shims, which lie in a folder that all engines share."""
    run_dir = Path(engine.host.removeprefix("unix://")).parent
    notes = [*run_dir.glob("containerd/**/address"), *run_dir.glob("containerd/**/bootstrap.json")]
    found = re.findall(r"/run/containerd/s/\w+", "".join(note.read_text() for note in notes))
    return {Path(path) for path in found}


def rules() -> set[str]:
    """The machine's filter rules, chains and policies, by table, without packet counters."""
    for table in ("filter", "nat"):  # made with its built-in chains by any rule: not a trace
        for verb in ("-N", "-X"):
            _lines("iptables", "-t", table, verb, f"wbpriv-{os.getpid()}")
    found, table = set(), ""
    for line in _lines("iptables-save"):
        if line.startswith("*"):
            table = line
        if line.startswith((":", "-A", "*")):
            found.add(f"rule {table} {line.split(' [')[0]}")
    return found


def processes_of(engine: PrivateEngine) -> dict[int, bytes]:
    """The processes that mention the engine's run folder or sit in its control group."""
    word = Path(engine.host.removeprefix("unix://")).parent.name.encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            command = _bytes(entry / "cmdline")
            seen = b" ".join([command, *(_bytes(entry / name) for name in ("environ", "cgroup"))])
            is_zombie = b") Z " in _bytes(entry / "stat")  # dead, until init takes notice
            if word in seen and b"pytest" not in command and not is_zombie:
                found[int(entry.name)] = command
    return found


def _lines(*words: str) -> list[str]:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def _text(path: str) -> str:
    return Path(path).read_text()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _files(root: str) -> list[Path]:
    return list(Path(root).glob("**/*")) if Path(root).is_dir() else []
