"""An image of our own making, of a few hundred bytes: a container runs with no network."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from docker.types import LogConfig

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import labels_for
from helpers.engine.base.packing import packed
from helpers.engine.base.removal import remove_if_there, removed_afterwards
from helpers.engine.features.probe_program import (
    GREETING,
    architecture_of,
    other_architecture,
    program,
    program_names,
)
from helpers.errors import EngineError, WorkbookError

if TYPE_CHECKING:
    from docker import DockerClient

LESSON = "doctor"
_MARK = "workbook.probe"
_RUN_SECONDS = 20


@dataclass(frozen=True)
class ProbeRun:
    """What a probe's container wrote, and how it ended."""

    output: str
    exit_code: int
    was_out_of_memory: bool


class ProbeImage:
    """The image on one engine, while it is there: see probe_image()."""

    def __init__(self, client: DockerClient, architecture: str, token: str) -> None:
        self.client = client
        self.architecture = architecture
        self.name = f"workbook-probe:1-{token}"
        self.labels = labels_for(LESSON) | {_MARK: token}

    def run(self, words: tuple[str, ...] = ("/hello",), **options: Any) -> ProbeRun:
        """How one container of it ended; `options` are those of the SDK's create_host_config.

        Raises EngineError, or EngineGone if it has not ended within 20 seconds.
        """
        with self.running(words, **options) as made, translated("docker run"):
            api = self.client.api
            exit_code = api.wait(made, timeout=_RUN_SECONDS)["StatusCode"]
            output = api.logs(made).decode("utf-8", "replace")
            state = api.inspect_container(made)["State"]
        return ProbeRun(output, exit_code, bool(state.get("OOMKilled")))

    @contextmanager
    def running(self, words: tuple[str, ...], **options: Any) -> Iterator[str]:
        """The id of a started container of it, removed afterwards; with no network unless asked."""
        api = self.client.api
        # Named by us, so that it can be removed even if its id never arrived.
        name = f"workbook-probe-{secrets.token_hex(4)}"
        settings = {"network_mode": "none", "log_config": LogConfig(type="json-file"), **options}
        with removed_afterwards(partial(api.remove_container, name, v=True, force=True)):
            with translated(f"docker run {self.name} {' '.join(words)}"):
                made = api.create_container(
                    self.name,
                    list(words),
                    name=name,
                    labels=self.labels,
                    stdin_open=True,
                    host_config=api.create_host_config(**settings),
                )["Id"]
                api.start(made)
            yield made

    def load(self) -> None:
        """Hands the image to the engine."""
        with translated("docker load"):
            for message in self.client.api.load_image(self._archive()):
                if "error" in message:
                    raise EngineError(f"The engine cannot load an image: {message['error']}")

    def remove(self) -> None:
        """Takes every container of this image, and then the image, from the engine."""
        api = self.client.api
        mark = {"label": [f"{_MARK}={self.labels[_MARK]}"]}
        for container in api.containers(all=True, filters=mark):
            remove_if_there(partial(api.remove_container, container["Id"], v=True, force=True))
        api.remove_image(self.name, force=True)

    def _archive(self) -> bytes:
        files = {name: program(name, self.architecture) for name in program_names()}
        files["foreign"] = program("hello", other_architecture(self.architecture))
        layer = packed(files)
        config = json.dumps(
            {
                "architecture": self.architecture,
                "os": "linux",
                "config": {"Cmd": ["/hello"], "Labels": self.labels},
                "rootfs": {
                    "type": "layers",
                    "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"],
                },
                "history": [{"created_by": "COPY programs /", "created": "1970-01-01T00:00:00Z"}],
            }
        ).encode()
        manifest = {"Config": "config.json", "RepoTags": [self.name], "Layers": ["layer.tar"]}
        listing = json.dumps([manifest]).encode()
        return packed({"layer.tar": layer, "config.json": config, "manifest.json": listing})


@contextmanager
def probe_image(client: DockerClient) -> Iterator[ProbeImage]:
    """The image, on the engine for as long as the block lasts; nothing of it stays behind.

    Raises EngineError, or WorkbookError where there is no program for the engine's architecture.
    """
    with translated("docker version"):
        machine = str(client.version().get("Arch", ""))
    architecture = architecture_of(machine)
    if architecture is None:
        raise WorkbookError(
            f"There is no probe for an engine on {machine or 'an unknown architecture'}.",
            "Try it yourself: `docker run --rm hello-world`.",
        )
    image = ProbeImage(client, architecture, secrets.token_hex(4))
    with removed_afterwards(image.remove):
        image.load()
        yield image


def run_probe(client: DockerClient, **options: Any) -> str:
    """The word that a container said; raises EngineError where it could not run or said another."""
    with probe_image(client) as image:
        ended = image.run(**options)
    if ended.exit_code != 0 or ended.output != GREETING:
        raise EngineError(
            f"A container ran, ended with {ended.exit_code} and wrote {ended.output!r}.",
            "See the engine's log.",
        )
    return ended.output.strip()
