"""A machine with the rules of the workbook's own engine, and neighbours on its network.

Everything is a network namespace: the machine, a container on the engine's default bridge, one on
a network that was made later, a neighbour that knows a way to the engine's addresses, and somebody
far away who knows none.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from helpers.engine.base.project_files import ROOT

RANGE = "10.201.0.0/16"
GATEWAY, METRICS = "10.201.0.1", 9323
CONTAINER, LATER = "10.201.0.2", "10.201.128.2"
NEIGHBOUR, FAR = "198.51.100.2", "203.0.113.2"
SPOOFED = "10.201.0.77"  # a neighbour's packets bear this address of the engine's range
_HOSTS = {
    # name: (device on the machine, the machine's address, the host's own)
    "container": ("wb-hostile", GATEWAY, CONTAINER),
    "later": ("br-0123456789ab", "10.201.128.1", LATER),
    "neighbour": ("wbh-near", "198.51.100.1", NEIGHBOUR),
    "far": ("wbh-far", "203.0.113.1", FAR),
}
_RULES = """
from ipaddress import IPv4Network
from helpers.engine.private import firewall
from helpers.engine.private.bridge import AddressRange
firewall.open_ways("WORKBOOK-wb-hostile", "wb-hostile", AddressRange(IPv4Network({range!r})), ())
"""
_CLOSE = """
from helpers.engine.private import firewall
firewall.close_ways("WORKBOOK-wb-hostile")
"""
_RECEIVE = """
import socket, sys
line = socket.socket(type=socket.SOCK_DGRAM)
line.bind((sys.argv[1], int(sys.argv[2])))
line.settimeout(float(sys.argv[3]))
print("up", flush=True)
try:
    data, sender = line.recvfrom(99)
except TimeoutError:
    sys.exit(1)
line.sendto(data, sender)
"""
_SEND = """
import socket, sys
line = socket.socket(type=socket.SOCK_DGRAM)
line.bind((sys.argv[1], 0))
line.settimeout(float(sys.argv[4]))
line.sendto(b"hello", (sys.argv[2], int(sys.argv[3])))
try:
    line.recv(99)
except OSError:
    sys.exit(1)
"""


@dataclass(frozen=True)
class Sent:
    """What became of a packet: whether it arrived, and whether the answer came back."""

    arrived: bool
    answered: bool


class Neighbourhood:
    """The machine and those around it, each by its name: 'machine', 'container', 'neighbour' …"""

    def __init__(self) -> None:
        self._name = secrets.token_hex(3)

    def namespace(self, name: str) -> str:
        """The network namespace of that one."""
        return f"wbh-{self._name}-{name}"

    def run(self, name: str, line: str) -> None:
        """The command, a line of words, is carried out there."""
        self._run(name, line.split())

    def _run(self, name: str, words: list[str]) -> None:
        command = ["ip", "netns", "exec", self.namespace(name), *words]
        subprocess.run(command, check=True, cwd=ROOT)

    def send(
        self, sender: str, source: str, to: str, target: str, port: int = METRICS, wait: float = 5
    ) -> Sent:
        """A packet from that source address to the target, and back."""
        listening = [*self._python(to, _RECEIVE), target, str(port), str(wait)]
        with subprocess.Popen(listening, stdout=subprocess.PIPE, text=True) as receiver:
            assert receiver.stdout is not None
            assert receiver.stdout.readline() == "up\n"
            words = [*self._python(sender, _SEND), source, target, str(port), str(wait)]
            answered = subprocess.run(words, check=False).returncode == 0
            return Sent(receiver.wait() == 0, answered)

    def _python(self, name: str, program: str) -> list[str]:
        return ["ip", "netns", "exec", self.namespace(name), sys.executable, "-c", program]

    def build(self) -> None:
        """All namespaces, the ways between them, and the engine's rules on the machine."""
        self._make("machine")
        for device in ("wb-hostile", "br-0123456789ab"):
            self.run("machine", f"ip link add {device} type bridge")
        for name, (device, here, there) in _HOSTS.items():
            self._connect(name, device, here, there)
        self._run("machine", ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])
        self.run("neighbour", f"ip route add {RANGE} via 198.51.100.1")
        self.run("neighbour", "ip route add 203.0.113.0/24 via 198.51.100.1")
        self.run("neighbour", f"ip addr add {SPOOFED}/32 dev lo")
        for name in ("container", "later"):
            self.run(name, f"ip route add default via {_HOSTS[name][1]}")
        self._run("machine", [sys.executable, "-c", _RULES.format(range=RANGE)])

    def _make(self, name: str) -> None:
        subprocess.run(["ip", "netns", "add", self.namespace(name)], check=True)
        self.run(name, "ip link set lo up")

    def _connect(self, name: str, device: str, here: str, there: str) -> None:
        """A cable from the machine to that one; into a bridge of the machine where it is one."""
        self._make(name)
        is_bridge = not device.startswith("wbh-")
        end = f"veth-{name[:6]}" if is_bridge else device
        peer = f"ip link add {end} type veth peer name eth0 netns {self.namespace(name)}"
        self.run("machine", peer)
        if is_bridge:
            self.run("machine", f"ip link set {end} master {device}")
        self.run("machine", f"ip addr add {here}/24 dev {device}")
        for link in {end, device}:
            self.run("machine", f"ip link set {link} up")
        self.run(name, f"ip addr add {there}/24 dev eth0")
        self.run(name, "ip link set eth0 up")

    def rules(self) -> list[str]:
        """The rules and chains of the machine that the workbook wrote."""
        words = ["ip", "netns", "exec", self.namespace("machine"), "iptables-save"]
        saved = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        return [line for line in saved.splitlines() if "WORKBOOK-" in line]

    def close(self) -> None:
        """The machine as it is when the engine has stopped."""
        self._run("machine", [sys.executable, "-c", _CLOSE])

    def tear_down(self) -> None:
        """Nothing of it is left; devices go with their namespaces."""
        for name in ("machine", *_HOSTS):
            words = ["ip", "netns", "delete", self.namespace(name)]
            subprocess.run(words, check=False, capture_output=True)


@contextmanager
def neighbourhood() -> Iterator[Neighbourhood]:
    """The machine and its neighbours, as long as the block."""
    made = Neighbourhood()
    try:
        made.build()
        yield made
    finally:
        made.tear_down()
