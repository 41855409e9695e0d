"""An engine with room for containers of registries alone, kept in this process."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.command_log import CommandLog
from helpers.engine.base.labels import LESSON
from helpers.engine.container.container import Container
from helpers.engine.registry.registries import Registries

OWN = {LESSON: "none"}


class FakeApi:
    """What the engine answers of containers and volumes; `removed` is what was taken from it."""

    base_url = "http+docker://localhost"

    def __init__(self) -> None:
        self.containers: dict[str, dict[str, Any]] = {}
        self.kept: dict[str, dict[str, str]] = {}
        self.removed: list[str] = []

    def hold(self, name: str, source: str = "", status: str = "running", **about: Any) -> None:
        """A container with its volume; `labels` are the workbook's where none are given."""
        labels, port = about.get("labels", OWN), str(about.get("port", 5006))
        bound = [{"HostIp": "127.0.0.1", "HostPort": port}]
        self.containers[name] = {
            "Id": name,
            "Name": f"/{name}",
            "Image": "sha256:0",
            "Created": "",
            "Config": {
                "Image": "registry:2",
                "Labels": labels,
                "Env": ["PATH=/bin", f"REGISTRY_PROXY_REMOTEURL={source}"],
            },
            "HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}},
            "State": {"Status": status, "ExitCode": 1},
            "NetworkSettings": {"Ports": {"5000/tcp": bound if status == "running" else None}},
        }
        self.kept[name] = labels

    def inspect_container(self, name: str) -> dict[str, Any]:
        if name not in self.containers:
            raise NotFound(f"No such container: {name}")
        return self.containers[name]

    def remove_container(self, name: str, **_: bool) -> None:
        del self.containers[name]
        self.removed.append(f"container {name}")

    def volumes(self, filters: dict[str, str]) -> dict[str, Any]:
        name = filters["name"].strip("^$")
        found = [name] if LESSON in self.kept.get(name, {}) else []
        return {"Volumes": [{"Name": name} for name in found] or None}

    def create_volume(self, name: str, labels: dict[str, str]) -> None:
        self.kept[name] = labels

    def remove_volume(self, name: str) -> None:
        del self.kept[name]
        self.removed.append(f"volume {name}")

    def images(self) -> list[dict[str, Any]]:
        return []


class FakeDocker(Registries):
    """As much of the learner's `docker` as registries use."""

    lesson = "none"
    on_supply = on_transfer = None

    def __init__(self) -> None:
        self.api = FakeApi()
        self.client = SimpleNamespace(api=self.api)
        self.commands = CommandLog()
        self.supply = SimpleNamespace(ensure=lambda *_: None)

    def container(self, name: str) -> Container:
        with translated(f"docker inspect {name}"):
            found = self.api.inspect_container(name)
        return Container(self.client, found["Id"], self.commands)

    def run(self, _: str, name: str, environment: dict[str, str], **options: Any) -> Container:
        port = options["ports"][5000].rpartition(":")[2]
        self.api.hold(name, environment.get("REGISTRY_PROXY_REMOTEURL", ""), port=port)
        return self.container(name)
