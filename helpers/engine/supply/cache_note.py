"""The workbook's cache of Docker Hub, noted while there is one.

A port of 127.0.0.1 is nobody's name: once the cache is gone, whoever else comes may listen there.
So its container is noted as well, and the engine must run that one, with that port, whenever the
cache is asked. A note of an earlier version has no container, and is none.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.folders import state_dir
from helpers.model.text.answer_parts import tables_of, text_in

if TYPE_CHECKING:
    from docker import DockerClient

_INSIDE, _LOOPBACK = "5000/tcp", "127.0.0.1"


@dataclass(frozen=True)
class NotedCache:
    """The container of a cache by its id, and the port of 127.0.0.1 that it publishes."""

    container: str
    port: int

    @property
    def address(self) -> str:
        """Where images are asked for; not localhost, which may be ::1, where others may listen."""
        return f"{_LOOPBACK}:{self.port}"

    def running_since(self, client: DockerClient) -> str:
        """Since when the engine runs that very container, with that port; empty if it does not."""
        try:
            answer = client.api.inspect_container(self.container)
        except NotFound:
            return ""
        is_it = text_in(answer, "Id") == self.container
        runs = text_in(answer, "State", "Status") == "running"
        has_port = any(
            (text_in(each, "HostIp"), text_in(each, "HostPort")) == (_LOOPBACK, str(self.port))
            for each in tables_of(answer, "NetworkSettings", "Ports", _INSIDE)
        )
        return text_in(answer, "State", "StartedAt") if is_it and runs and has_port else ""


def noted_cache() -> NotedCache | None:
    """The cache that was noted; None where there is none, or a damaged note."""
    try:
        document = json.loads(_file().read_text(encoding="utf-8"))
        return NotedCache(str(document["container"]), int(document["port"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def note_cache(cache: NotedCache | None) -> None:
    """Notes the cache that images are asked of first from now on; None forgets it."""
    if cache:
        fresh = _file().with_suffix(".new")
        fresh.write_text(json.dumps(asdict(cache)), encoding="utf-8")
        fresh.replace(_file())
    else:
        _file().unlink(missing_ok=True)


def _file() -> Path:
    return state_dir() / "cache-address"
