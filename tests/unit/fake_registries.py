"""An engine with room for containers of registries alone, kept in this process."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from docker.errors import NotFound

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.labels import LESSON
from helpers.engine.container.container import Container
from helpers.engine.container.launcher import Launcher, existing_container

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
            "State": {"Status": status, "ExitCode": 1, "StartedAt": ""},
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


class FakeLauncher(Launcher):
    """One that starts registries on that engine; `api` is what they are asked of."""

    def __init__(self) -> None:
        self.api = FakeApi()
        client: Any = SimpleNamespace(api=self.api)
        super().__init__(EngineContext(client, Endpoint("http://localhost", "a test")), str)

    def run(self, image: str, command: Any = None, **options: Any) -> Container:
        name, source = options["name"], options["environment"].get("REGISTRY_PROXY_REMOTEURL", "")
        self.api.hold(name, source, port=options["ports"][5000].rpartition(":")[2])
        return existing_container(self.context, name)
