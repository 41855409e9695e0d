"""An engine with room for containers of registries alone, kept in this process."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from docker.errors import NotFound

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.labels import LESSON
from helpers.engine.base.origin_ledger import CONTAINERS, VOLUMES, asked_for
from helpers.engine.container.container import Container
from helpers.engine.container.launcher import Launcher, existing_container

OWN = {LESSON: "none"}


class FakeApi:
    """What the engine answers of containers and volumes; `removed` is what was taken from it."""

    base_url = "http+docker://localhost"
    get_adapter = str

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.client: Any = None
        self.kept: dict[str, dict[str, str]] = {}
        self.removed: list[str] = []

    def hold(self, name: str, source: str = "", status: str = "running", **about: Any) -> None:
        """A container with its volume; `labels` are the workbook's where none are given."""
        labels, port = about.get("labels", OWN), str(about.get("port", 5006))
        bound = [{"HostIp": "127.0.0.1", "HostPort": port}]
        self.held[name] = {
            "Id": name,
            "Name": f"/{name}",
            "Image": "sha256:0",
            "Created": "",
            "Config": {
                "Image": "registry:3",
                "Labels": labels,
                "Env": ["PATH=/bin", f"REGISTRY_PROXY_REMOTEURL={source}"],
            },
            "HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}},
            "State": {"Status": status, "ExitCode": 1, "StartedAt": ""},
            "NetworkSettings": {"Ports": {"5000/tcp": bound if status == "running" else None}},
        }
        self.kept[name] = labels
        if labels is OWN:
            for kind in (CONTAINERS, VOLUMES):
                note = asked_for(self.client, "none", kind, name=name)
                self.held[name]["Config"]["Labels"] = labels = labels | note.labels
                note.made(name)
            self.kept[name] = labels

    def inspect_container(self, name: str) -> dict[str, Any]:
        if name not in self.held:
            raise NotFound(f"No such container: {name}")
        return self.held[name]

    def remove_container(self, name: str, **_: bool) -> None:
        del self.held[name]
        self.removed.append(f"container {name}")

    def containers(self, **_: object) -> list[dict[str, Any]]:
        return [
            {"Id": name, "Names": [f"/{name}"], "Labels": about["Config"]["Labels"]}
            for name, about in self.held.items()
        ]

    def volumes(self, filters: dict[str, Any]) -> dict[str, Any]:
        wanted = str(filters.get("name", "")).strip("^$")
        return {
            "Volumes": [
                {"Name": name, "Labels": labels}
                for name, labels in self.kept.items()
                if wanted in ("", name) and (wanted or LESSON in labels)
            ]
        }

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
        client: Any = SimpleNamespace(api=self.api, info=lambda: {"ID": "e"})
        self.api.client = client
        super().__init__(EngineContext(client, Endpoint("http://localhost", "a test")), str)

    def run(self, image: str, command: Any = None, **options: Any) -> Container:
        name, source = options["name"], options["environment"].get("REGISTRY_PROXY_REMOTEURL", "")
        self.api.hold(name, source, port=options["ports"][5000].rpartition(":")[2])
        return existing_container(self.context, name)
