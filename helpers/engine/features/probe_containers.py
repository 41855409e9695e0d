"""Containers of the lessons' busybox that live for a moment, to try something in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from docker.types import LogConfig

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import labels_for
from helpers.engine.base.needed_parts import id_in, needed_count, needed_text
from helpers.engine.base.origin_ledger import CONTAINERS, NETWORKS, asked_for
from helpers.engine.base.packing import packed
from helpers.engine.base.removal import remove_if_there, removed_afterwards
from helpers.engine.supply.image_supply import ImageSupply
from helpers.errors import EngineError
from helpers.model.image.tool_image import TOOL_IMAGE
from helpers.model.text.answer_parts import flag_in, part_of, text_in

if TYPE_CHECKING:
    from docker import DockerClient

LESSON = "doctor"
GREETING = "hello from a container"
HELLO = ("echo", GREETING)
_MARK = "workbook.probe"
_RUN_SECONDS = 20


@dataclass(frozen=True)
class ProbeRun:
    """What a probe's container wrote, how it ended, and which networks it had, by name."""

    output: str
    exit_code: int
    was_out_of_memory: bool
    networks: tuple[str, ...] = ()


class ProbeContainers:
    """Makes containers of TOOL_IMAGE on one engine, with a label by which they are known again."""

    def __init__(self, client: DockerClient, token: str) -> None:
        self.client = client
        self.labels = labels_for(LESSON) | {_MARK: token}
        self._names: list[str] = []
        self._networks: list[str] = []

    def run(
        self, words: tuple[str, ...] = HELLO, files: dict[str, bytes] | None = None, **options: Any
    ) -> ProbeRun:
        """How one container ended; `files` are put into its root, `options` are those of the SDK's
        create_host_config.

        Raises EngineError, or EngineGone if it has not ended within 20 seconds.
        """
        with self.running(words, files, **options) as made, translated("docker run"):
            api = self.client.api
            exit_code = needed_count(
                api.wait(made, timeout=_RUN_SECONDS), "docker wait", "StatusCode"
            )
            output = api.logs(made).decode("utf-8", "replace")
            seen = api.inspect_container(made)
        networks = part_of(seen, "NetworkSettings", "Networks")
        names = tuple(name for name, one in networks.items() if text_in(one, "NetworkID"))
        return ProbeRun(output, exit_code, flag_in(seen, "State", "OOMKilled"), names)

    @contextmanager
    def running(
        self, words: tuple[str, ...], files: dict[str, bytes] | None = None, **options: Any
    ) -> Iterator[str]:
        """The id of a started container, removed afterwards; with no network unless asked."""
        api = self.client.api
        # Named by us, so that it can be removed even if its id never arrived.
        name = f"workbook-probe-{secrets.token_hex(4)}"
        self._names.append(name)
        note = asked_for(self.client, LESSON, CONTAINERS, name=name, image=TOOL_IMAGE)
        settings = {"network_mode": "none", "log_config": LogConfig(type="json-file"), **options}
        with removed_afterwards(partial(api.remove_container, name, v=True, force=True)):
            with translated(f"docker run {TOOL_IMAGE} {' '.join(words)}"):
                answer = api.create_container(
                    TOOL_IMAGE,
                    list(words),
                    name=name,
                    labels=self.labels | note.labels,
                    ports=list(options.get("port_bindings") or ()),
                    # Podman asks a container to end before it removes it, and waits ten seconds.
                    stop_signal="SIGKILL",
                    host_config=api.create_host_config(**settings),
                )
                note.made(made := id_in(answer, "docker create"))
                if files:
                    api.put_archive(made, "/", packed(files))
                api.start(made)
            yield made

    @contextmanager
    def network(self) -> Iterator[str]:
        """The name of a new network of their own, removed afterwards."""
        api = self.client.api
        name = f"workbook-probe-{secrets.token_hex(4)}"
        self._networks.append(name)
        note = asked_for(self.client, LESSON, NETWORKS, name=name)
        with removed_afterwards(partial(api.remove_network, name)):
            with translated(f"docker network create {name}"):
                answer = api.create_network(name, labels=self.labels | note.labels)
                note.made(id_in(answer, "docker network create"))
            yield name

    def name_of(self, container: str) -> str:
        """The name by which others on its network know that one."""
        with translated("docker inspect"):
            answer = self.client.api.inspect_container(container)
        return needed_text(answer, "docker inspect", "Name").removeprefix("/")

    def remove(self) -> None:
        """Takes every container and network that is left of these from the engine."""
        for name in self._names:
            remove_if_there(partial(self.client.api.remove_container, name, v=True, force=True))
        for name in self._networks:
            remove_if_there(partial(self.client.api.remove_network, name))


@contextmanager
def probe_containers(client: DockerClient) -> Iterator[ProbeContainers]:
    """Such containers for as long as the block lasts; TOOL_IMAGE, which lessons need, stays.

    Raises ImageUnavailable where the engine has no busybox and no source gives one.
    """
    ImageSupply(client).ensure(TOOL_IMAGE)
    probes = ProbeContainers(client, secrets.token_hex(4))
    with removed_afterwards(probes.remove):
        yield probes


def run_probe(client: DockerClient) -> str:
    """The word that a container said; raises EngineError where it could not run or said another."""
    with probe_containers(client) as probes:
        ended = probes.run()
    if ended.exit_code != 0 or ended.output.strip() != GREETING:
        raise EngineError(
            f"A container ran, ended with {ended.exit_code} and wrote {ended.output!r}.",
            "See the engine's log.",
        )
    return ended.output.strip()
