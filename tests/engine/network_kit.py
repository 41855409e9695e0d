"""Containers on networks of ten kinds, and what wget says there by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from docker.errors import APIError

from helpers.engine.base.exec_output import exec_output
from helpers.engine.docker import Docker
from helpers.model.network.attempt import Outcome
from tests.engine.conftest import BUSYBOX

FRONT, BACK, INNER = "wbt-front", "wbt-back", "wbt-inner"
TOOL_LESS = "wbt-tool-less"
# Started by its own name, so that nothing of it is called busybox or wget.
TOOL_LESS_FILE = """\
FROM scratch
COPY --from=busybox:1.37 /bin/busybox /busybox-alone
CMD ["/busybox-alone", "sleep", "600"]
"""
SERVE = ["sh", "-c", "mkdir /w; hostname > /w/index.html; exec httpd -f -p 8000 -h /w"]
UNTIL_IT_SERVES = ["sh", "-c", "until wget -qO- http://127.0.0.1:8000/; do usleep 20000; done"]


@dataclass
class Scene:
    """What was made: {name: id} of containers, and how to take it all away."""

    docker: Docker
    ids: dict[str, str] = field(default_factory=dict)
    networks: list[str] = field(default_factory=list)

    def network(self, name: str, *, internal: bool = False) -> None:
        """A new network of that name."""
        self.docker.client.api.create_network(name, "bridge", internal=internal)
        self.networks.append(name)

    def container(
        self, name: str, network: str, *aliases: str, image: str = BUSYBOX, words: Any = SERVE
    ) -> str:
        """The id of a new container that serves its name on port 8000, on that network."""
        api = self.docker.client.api
        is_own = network in self.networks
        endpoint = api.create_endpoint_config(aliases=list(aliases))
        made: str = api.create_container(
            image,
            None if image == TOOL_LESS else words,
            name=f"wbt-{name}",
            hostname=None if network.startswith(("container:", "host")) else name,
            stop_signal="SIGKILL",
            host_config=api.create_host_config(network_mode=network),
            networking_config=api.create_networking_config({network: endpoint}) if is_own else None,
        )["Id"]
        self.ids[name] = made
        api.start(made)
        if words is SERVE and image != TOOL_LESS:
            exec_output(self.docker.client, api.exec_create(made, UNTIL_IT_SERVES)["Id"])
        return made

    def connect(self, name: str, network: str, *aliases: str) -> None:
        """The container on one network more."""
        self.docker.client.api.connect_container_to_network(
            self.ids[name], network, aliases=list(aliases)
        )

    def address(self, name: str, network: str) -> str:
        """The container's address there, by the engine; Podman's default has another name."""
        seen = self.docker.client.api.inspect_container(self.ids[name])["NetworkSettings"]
        own = seen["Networks"].get(network) or seen["Networks"]["podman"]
        return str(own["IPAddress"])

    def wget(self, name: str, target: str, port: int) -> str:
        """What the container's own wget prints, as `docker exec` shows it."""
        words = ["wget", "-T", "3", "-qO-", f"http://{target}:{port}/"]
        made = self.docker.client.api.exec_create(self.ids[name], words)["Id"]
        return exec_output(self.docker.client, made).decode()


@contextmanager
def scene(docker: Docker) -> Iterator[Scene]:
    """Networks and containers of all kinds, gone afterwards."""
    made = Scene(docker)
    try:
        yield _furnished(made)
    finally:
        for identity in reversed(made.ids.values()):
            docker.client.api.remove_container(identity, force=True, v=True)
        for network in made.networks:
            docker.client.api.remove_network(network)
        with suppress(APIError):
            docker.client.api.remove_image(TOOL_LESS, force=True)


def _furnished(made: Scene) -> Scene:
    made.network(FRONT)
    made.network(BACK)
    made.network(INNER, internal=True)
    made.container("desk", FRONT, "counter")
    made.connect("desk", BACK, "counter")
    made.container("street", FRONT)
    made.container("vault", BACK)
    for name in ("twin-1", "twin-2"):
        made.container(name, FRONT, "pair")
    for name in ("inside-1", "inside-2"):
        made.container(name, INNER)
    for name in ("plain-1", "plain-2"):
        made.container(name, "bridge")
    made.container("alone", "none")
    made.container("guest", f"container:{made.ids['desk']}", words=["sleep", "600"])
    made.container("hosts", "host", words=["sleep", "600"])
    made.container("frozen", FRONT)
    made.docker.client.api.pause(made.ids["frozen"])
    made.container("gone", FRONT)
    made.docker.client.api.kill(made.ids["gone"])
    made.docker.build("-", tag=TOOL_LESS, stdin=TOOL_LESS_FILE)
    made.container("tool-less", FRONT, image=TOOL_LESS)
    return made


# Who tries, what, at which port, and what may come of it; NAME@NETWORK stands for an address.
CASES: dict[str, tuple[str, str, int, Outcome]] = {
    "one bridge": ("street", "wbt-desk", 8000, Outcome.ANSWERED),
    "default bridge, by name": ("plain-1", "wbt-plain-2", 8000, Outcome.UNKNOWN),
    "default bridge, by address": ("plain-1", "plain-2@bridge", 8000, Outcome.ANSWERED),
    "other network, by name": ("street", "wbt-vault", 8000, Outcome.UNKNOWN),
    "other network, by address": ("street", f"vault@{BACK}", 8000, Outcome.TIMED_OUT),
    "two networks": ("desk", "wbt-vault", 8000, Outcome.ANSWERED),
    "internal": ("inside-1", "wbt-inside-2", 8000, Outcome.ANSWERED),
    "none": ("alone", f"desk@{FRONT}", 8000, Outcome.FAILED),
    "container:": ("guest", "wbt-vault", 8000, Outcome.ANSWERED),
    "container:, itself": ("guest", "localhost", 8000, Outcome.ANSWERED),
    "host": ("hosts", f"desk@{FRONT}", 8000, Outcome.ANSWERED),
    "alias of two": ("street", "pair", 8000, Outcome.ANSWERED),
    "paused": ("street", "wbt-frozen", 8000, Outcome.TIMED_OUT),
    "stopped": ("street", "wbt-gone", 8000, Outcome.UNKNOWN),
    "nobody listens": ("street", "counter", 81, Outcome.REFUSED),
    "nobody's name": ("street", "nobody", 8000, Outcome.UNKNOWN),
    "no tool in it": ("tool-less", "wbt-desk", 8000, Outcome.ANSWERED),
}
# Engine 20.10 drops what would leave an internal network; later ones give it no way out at all.
OUT_OF_INTERNAL = ("inside-1", f"desk@{FRONT}", 8000)
_WORDS_OF_WGET = {
    "Connection refused": Outcome.REFUSED,
    "timed out": Outcome.TIMED_OUT,
    "bad address": Outcome.UNKNOWN,
    "unreachable": Outcome.FAILED,
}


def outcome_by(printed: str) -> Outcome:
    """How a connection ended by what wget printed."""
    meanings = (outcome for words, outcome in _WORDS_OF_WGET.items() if words in printed)
    return next(meanings, Outcome.ANSWERED)
