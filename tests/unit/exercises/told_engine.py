"""An engine of which a check can ask what was told to it beforehand, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from helpers.errors import NoSuchContainer, NoSuchVolume
from helpers.model.container.event import EngineEvent

CREATED = "2026-01-01T12:00:00Z"


@dataclass
class ToldContainer:
    """A service's container of a Compose project; `config` and `host` are those of `inspect`."""

    project: str
    service: str
    config: dict[str, Any] = field(default_factory=dict)
    host: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    mounts: list[dict[str, str]] = field(default_factory=list)
    status: str = "running"
    exit_code: int = 0
    log: str = ""
    exit_codes: tuple[int, ...] = ()
    answer_status: int = 200
    printed: str = ""

    @property
    def name(self) -> str:
        """The name that Compose gives it."""
        return f"{self.project}-{self.service}-1"

    def inspected(self) -> dict[str, Any]:
        """What `docker inspect` shows of it."""
        labels = {
            "com.docker.compose.project": self.project,
            "com.docker.compose.service": self.service,
            **self.labels,
        }
        return {
            "Id": self.name,
            "Name": f"/{self.name}",
            "Created": CREATED,
            "State": {"Status": self.status, "ExitCode": self.exit_code, "StartedAt": CREATED},
            "Config": {"Labels": labels, **self.config},
            "HostConfig": self.host,
            "Mounts": self.mounts,
        }

    def logs(self, tail: int | None = None) -> str:
        """All that it printed."""
        return self.log

    def events(self) -> list[EngineEvent]:
        """That its process ended so often, with these exit codes."""
        return [
            EngineEvent(0.0, "container", "die", self.name, {"exitCode": str(code)})
            for code in self.exit_codes
        ]

    def exec(self, words: list[str]) -> str:
        """What a command in it prints."""
        return self.printed

    def get(self, path: str, port: int, seconds: float) -> Any:
        """The answer of its app, whatever is asked for."""
        return SimpleNamespace(status=self.answer_status)


def told_engine(
    *containers: ToldContainer,
    volumes: dict[str, str] | None = None,
    strangers: tuple[str, ...] = (),
) -> Any:
    """An engine with these containers, volumes ({name: when it was made}) and other names."""
    known, made = {each.name: each for each in containers}, volumes or {}

    def container(name: str) -> ToldContainer:
        if name not in known:
            raise NoSuchContainer(f"There is no container {name}.", "")
        return known[name]

    def volume(name: str) -> str:
        if name not in made:
            raise NoSuchVolume(f"There is no volume {name}.", "")
        return name

    def listed(all: bool = False, filters: dict[str, str] | None = None) -> list[dict[str, Any]]:
        wanted = (filters or {}).get("label", "").partition("=")[2]
        own = [each for each in containers if wanted in ("", each.project)]
        rows = [{"Id": each.name, "Names": [f"/{each.name}"]} for each in own]
        return rows + [{"Id": name, "Names": [f"/{name}"]} for name in strangers if not wanted]

    api = SimpleNamespace(
        containers=listed,
        inspect_container=lambda name: container(name).inspected(),
        inspect_volume=lambda name: {"Name": name, "CreatedAt": made[name]},
    )
    return SimpleNamespace(client=SimpleNamespace(api=api), container=container, volume=volume)
