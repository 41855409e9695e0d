"""What the private engine meets in its tests: who fetches, who shares it, who was there first."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import private_kit as kit

from helpers.engine.private import EngineRelease, PrivateEngine, bridge, firewall, processes
from helpers.engine.private.cgroups import ControlGroup
from helpers.engine.private.mount_namespace import MountNamespace

PROJECT = Path(__file__).parents[3]


def fetch_published(container: kit.Container) -> bytes:
    """The page on the container's published port, as somebody on this machine gets it."""
    container.reload()
    port = container.ports["80/tcp"][0]["HostPort"]
    pages: list[bytes] = []

    def answered() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                pages.append(answer.read())
        except ConnectionError:
            return False  # the port's proxy is there before the server in the container
        return True

    wait_for(answered)
    return pages[0]


def wget(url: str) -> list[str]:
    """The command that fetches a page within 2 s.

    wget's own -T crashes in Debian 12's static busybox, and a first process takes no SIGTERM.
    """
    return ["sh", "-c", f"timeout 2 wget -q -O- {url}; exit $?"]


def fetch(client: kit.DockerClient, network: str, url: str) -> tuple[int, bytes]:
    """Exit status and output of a container on that network that fetches the page."""
    container = client.containers.run(kit.IMAGE, wget(url), network=network, detach=True)
    status = container.wait()["StatusCode"]
    output = container.logs(stderr=False)
    container.remove()
    return status, output


def can_fetch(client: kit.DockerClient, network: str, url: str) -> bool:
    return fetch(client, network, url)[0] == 0


def address_of(container: kit.Container) -> str:
    container.reload()
    networks = container.attrs["NetworkSettings"]["Networks"]
    return str(next(iter(networks.values()))["IPAddress"])


def wait_for(state: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not state():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def dockerds(engine: PrivateEngine) -> list[int]:
    return processes.running("dockerd", kit.processes_of(engine))


def kill_dockerd(engine: PrivateEngine) -> None:
    pids = dockerds(engine)
    assert pids
    processes.send(signal.SIGKILL, pids)
    assert not processes.wait_ended(pids, 10)


def lease_in_another_process(engine: PrivateEngine) -> subprocess.Popen[str]:
    """A process that takes a lease, says "held", and gives it back when its input ends."""
    program = (
        "import sys, pathlib; from helpers.engine.private.private_engine import PrivateEngine\n"
        "with PrivateEngine(sys.argv[1], data_root=pathlib.Path(sys.argv[2])).lease():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, engine.name, str(engine.data_root)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def finish(holder: subprocess.Popen[str]) -> None:
    holder.communicate(timeout=60)


@contextmanager
def far_server() -> Iterator[str]:
    """A web server beyond the machine's own addresses, which knows no way to any container.

    It lives in a network namespace behind a veth pair, so it answers only what was forwarded
    and masqueraded.
    """
    name, here, there = "wbpriv-far", "198.51.100.1", "198.51.100.2"
    commands = f"""ip netns add {name}
        ip link add {name} type veth peer name {name}1 netns {name}
        ip addr add {here}/30 dev {name}
        ip link set {name} up
        ip -n {name} addr add {there}/30 dev {name}1
        ip -n {name} link set {name}1 up"""
    program = (
        "import http.server as h\n"
        "class H(h.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200); self.end_headers(); self.wfile.write(b'from afar')\n"
        "    def log_message(self, *a): pass\n"
        f"s = h.HTTPServer(('{there}', 80), H); print('up', flush=True); s.serve_forever()"
    )
    server = None
    try:
        for command in commands.splitlines():
            subprocess.run(command.split(), check=True)
        server = subprocess.Popen(
            ["ip", "netns", "exec", name, sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        assert server.stdout.readline() == "up\n"
        yield f"http://{there}/"
    finally:
        if server is not None:
            server.kill()
            server.communicate()
        subprocess.run(["ip", "link", "delete", name], check=False)
        subprocess.run(["ip", "netns", "delete", name], check=False)


class Stranger:
    """An engine that the workbook did not start, with its filters on."""

    def __init__(self, host: str) -> None:
        self.host = host


@contextmanager
def stranger_engine(store: Path) -> Iterator[Stranger]:
    """The machine's own engine where one runs, else a plain dockerd for the while."""
    usual = Path("/var/run/docker.sock")
    if processes.strangers("dockerd") and usual.exists():
        yield Stranger(f"unix://{usual}")
        return
    run = store / "stranger"
    run.mkdir()
    namespace = MountNamespace(EngineRelease().tree().usr, run / "tree")
    namespace.prepare()
    words = namespace.entering(
        *("/usr/sbin/dockerd", "--data-root", str(run / "data"), "--exec-root", str(run / "exec")),
        *("--pidfile", str(run / "pid"), "-H", f"unix://{run}/sock", "--group", "root"),
    )
    chains = firewall.chains()
    with (run / "log").open("wb") as log:
        daemon = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for((run / "sock").exists, seconds=30)
        yield Stranger(f"unix://{run}/sock")
    finally:
        daemon.terminate()
        daemon.wait(30)
        subprocess.run(["umount", "--lazy", str(run / "data")], check=False, capture_output=True)
        bridge.delete_links(["docker0"])
        firewall.delete_rules_naming(["docker0"])
        for table, present in firewall.chains().items():
            for chain in present.keys() - chains.get(table, {}).keys():
                if chain.startswith("DOCKER"):
                    firewall.delete_chain(table, chain)
        ControlGroup("docker").remove()
