"""An engine of volumes and containers in memory, as far as it takes to create a VM."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from docker.errors import ImageNotFound, NotFound
from requests.exceptions import ConnectionError

from helpers.engine.base.labels import RECIPE
from helpers.engine.supply.vm_tools import recipe_key
from helpers.model.supply.catalogue import VM_TOOLS

IMAGE = "app"
OLD_TOOLS = "sha256:tools of an older recipe"
INFO = {"ID": "engine of a test", "MemTotal": 8 * 1024**3}


class VmEngine:
    """Its client, and what was asked of it, in order; `fails` names what it answers wrongly."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.images = {IMAGE: "sha256:one", VM_TOOLS: "sha256:tools"}
        self.volumes: dict[str, dict[str, Any]] = {}
        self.containers: dict[str, list[str]] = {}
        self.fails: dict[str, BaseException] = {}
        self.breaks_off = False
        self.when_creating: Callable[[], object] = lambda: None
        self._count = 0

    @property
    def client(self) -> Any:
        """What the SDK calls a client."""
        return SimpleNamespace(api=self, info=self._info, version=self._version)

    @property
    def tools_run(self) -> list[str]:
        """The tools that containers were made for."""
        return [word.split()[1] for word in self.asked if word.startswith("create_container ")]

    def ensure(self, name: str, on_progress: object = None) -> None:
        self._ask(f"ensure {name}")
        self.images.setdefault(name, "sha256:tools")

    def _info(self) -> dict[str, Any]:
        self._ask("info")
        return INFO

    def _version(self) -> dict[str, str]:
        self._ask("version")
        return {"Os": "linux", "Arch": "amd64"}

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if error := self.fails.get(what):
            raise error

    def inspect_image(self, name: str) -> dict[str, Any]:
        self._ask("inspect_image")
        if name not in self.images:
            raise ImageNotFound("no such image")
        labels = {RECIPE: "older" if self.images[name] == OLD_TOOLS else recipe_key()}
        config = {"Cmd": ["app"], "Labels": labels}
        return {"Id": self.images[name], "Config": config, "Os": "linux", "Architecture": "amd64"}

    def tag(self, image: str, repository: str, tag: str, force: bool = False) -> None:
        self.images[f"{repository}:{tag}"] = self.images[image]

    def remove_image(self, name: str, **_: object) -> None:
        del self.images[name]

    def inspect_volume(self, name: str) -> dict[str, Any]:
        self._ask("inspect_volume")
        if name not in self.volumes:
            raise NotFound("no such volume")
        return self.volumes[name]

    def create_volume(self, name: str, labels: object = None) -> None:
        self._count += 1
        self.volumes[name] = {"Name": name, "CreatedAt": f"second {self._count}"}
        self._ask("create_volume")

    def remove_volume(self, name: str) -> None:
        self._ask("remove_volume")
        del self.volumes[name]

    def create_host_config(self, **settings: object) -> dict[str, object]:
        return settings

    def create_container(self, image: str, words: list[str] | None, **_: object) -> dict[str, str]:
        words = words or ["the image's own"]
        self._ask("create_container")
        self.asked[-1] += f" {words[0]}"
        if image not in [*self.images, *self.images.values()]:
            raise ImageNotFound("no such image")
        self._count += 1
        self.when_creating()
        self.containers[f"c{self._count}"] = words
        return {"Id": f"c{self._count}"}

    def put_archive(self, made: str, path: str, files: Any) -> None:
        self._ask("put_archive")
        if path == "/files":
            next(files)
            if self.breaks_off:
                raise ConnectionError("broken off")
            list(files)

    def export(self, made: str) -> Any:
        yield b"files"
        self._ask("export")

    def start(self, made: str) -> None:
        self._ask("start")

    def inspect_container(self, made: str) -> dict[str, Any]:
        self._ask("inspect_container")
        raise NotFound("no such container")

    def wait(self, made: str, timeout: float) -> dict[str, int]:
        self._ask("wait")
        return {"StatusCode": 0}

    def logs(self, made: str) -> bytes:
        return b""

    def remove_container(self, made: str, **_: object) -> None:
        self._ask("remove_container")
        del self.containers[made]
