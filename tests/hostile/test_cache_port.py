"""Another user listens on the port of a cache that is gone: nothing of theirs is loaded."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import ImageNotFound, NotFound

from helpers.engine.base.folders import state_dir
from helpers.engine.supply import image_supply, sources
from helpers.engine.supply.cache_note import NotedCache, note_cache, noted_cache
from helpers.engine.supply.image_supply import ImageSupply
from helpers.errors import ImageUnavailable
from helpers.model.supply.supply import LayerTotals

CACHE = NotedCache("c" * 64, 5006)
BOUND = [{"HostIp": "127.0.0.1", "HostPort": "5006"}]


class Engine:
    """An engine that pulls from whoever listens, and what it is asked to do with that."""

    def __init__(self) -> None:
        self.container: dict[str, Any] | None = {
            "Id": CACHE.container,
            "State": {"Status": "running", "StartedAt": "at noon"},
            "NetworkSettings": {"Ports": {"5000/tcp": BOUND}},
        }
        self.api = self
        self.pulled: list[str] = []
        self.images: dict[str, str] = {}

    def info(self) -> dict[str, Any]:
        return {"ID": "e", "Labels": []}

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": "amd64"}

    def inspect_container(self, identity: str) -> dict[str, Any]:
        if not self.container:
            raise NotFound("no such container")
        return self.container

    def inspect_image(self, name: str) -> dict[str, Any]:
        if name not in self.images:
            raise ImageNotFound("no such image")
        return {"Id": self.images[name], "Size": 1, "RootFS": {"Layers": []}}

    def history(self, name: str) -> list[dict[str, Any]]:
        return []

    def tag(self, image: str, repository: str, tag: str) -> None:
        self.images[f"{repository}:{tag}"] = self.images[image]

    def remove_image(self, name: str, **_: object) -> None:
        del self.images[name]

    def pull(self, _: object, repository: str, tag: str, *__: object) -> list[LayerTotals]:
        self.pulled.append(repository)
        self.images[f"{repository}:{tag}"] = "sha256:whoever listens there"
        return []


@pytest.fixture
def engine(cut_off: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(sources, "pull", engine.pull)
    note_cache(CACHE)
    return engine


@pytest.fixture
def cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    for name in ("BUNDLE", "FROM", "MIRROR"):
        monkeypatch.delenv(f"WORKBOOK_{name}", raising=False)
    unreachable = SimpleNamespace(is_reachable=False, observed="no network")
    monkeypatch.setattr(sources, "reachability", lambda: unreachable)
    monkeypatch.setattr(sources.RegistrySource, "_asks_from_here", lambda self: True)
    monkeypatch.setattr(image_supply, "copies_of", lambda reference: ())
    return tmp_path


def refused(engine: Engine) -> bool:
    """Whether no source gave the image, and no name of it is left."""
    with pytest.raises(ImageUnavailable, match="the cache that was noted does not run here"):
        ImageSupply(engine, allow_stand_ins=False).ensure("busybox:1.37")  # type: ignore[arg-type]
    return engine.images == {}


def test_the_container_that_was_noted_is_asked_by_its_number(engine: Engine) -> None:
    """`localhost` may be ::1, where the container does not listen and anybody can."""
    ImageSupply(engine, allow_stand_ins=False).ensure("busybox:1.37")  # type: ignore[arg-type]
    assert engine.pulled == ["127.0.0.1:5006/busybox"]
    assert engine.images == {"busybox:1.37": "sha256:whoever listens there"}


def test_nobody_is_asked_once_it_is_gone(engine: Engine) -> None:
    engine.container = None
    assert refused(engine)
    assert engine.pulled == []


@pytest.mark.parametrize(
    "change",
    [
        {"Id": "d" * 64},
        {"State": {"Status": "exited", "StartedAt": "at noon"}},
        {"State": {"Status": "paused", "StartedAt": "at noon"}},
        {"NetworkSettings": {"Ports": {}}},
        {"NetworkSettings": {"Ports": {"5000/tcp": None}}},
        {"NetworkSettings": {"Ports": {"5000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "1"}]}}},
    ],
)
def test_nor_where_it_is_another_or_does_not_listen(engine: Engine, change: dict[str, Any]) -> None:
    assert engine.container
    engine.container |= change
    assert refused(engine)
    assert engine.pulled == []


@pytest.mark.parametrize("later", [None, "another start"])
def test_what_came_while_it_ended_gets_no_name(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, later: str | None
) -> None:
    def ends(*words: Any) -> list[LayerTotals]:
        assert engine.container
        began_anew = {"State": {"Status": "running", "StartedAt": later}}
        engine.container = engine.container | began_anew if later else None
        return engine.pull(*words)

    monkeypatch.setattr(sources, "pull", ends)
    assert refused(engine)


@pytest.mark.parametrize("text", ["localhost:5006\n", "", "[]", '{"port": 5006}', "{"])
def test_a_note_without_a_container_is_none(engine: Engine, text: str) -> None:
    (state_dir() / "cache-address").write_text(text)
    assert noted_cache() is None
