"""Through which container a volume is read: one that has it whole, and none that hides a part."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import NotFound

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.volume.volume import Volume
from helpers.errors import NoSuchVolume
from tests.unit.tar_writer import END, folder

DATA = {"Type": "volume", "Name": "data", "Destination": "/data"}


def user(name: str, *mounts: dict[str, str], **host: Any) -> dict[str, Any]:
    return {"Id": f"id-of-{name}", "Name": f"/{name}", "Mounts": list(mounts), "HostConfig": host}


def volume(
    *users: dict[str, Any], name: str = "data", info: dict[str, Any] | None = None
) -> tuple[Volume, list[str]]:
    """A volume on an engine with these containers, and which of them are read through."""
    read: list[str] = []
    by_id = {each["Id"]: each for each in users}

    def inspect_volume(asked: str) -> dict[str, str]:
        if asked != "data":
            raise NotFound("no such volume")
        return {"Name": asked}

    def get_archive(container: str, path: str) -> tuple[list[bytes], dict[str, Any]]:
        read.append(f"{container} {path}")
        return [folder(b"./") + END], {}

    api = SimpleNamespace(
        inspect_volume=inspect_volume,
        inspect_container=by_id.__getitem__,
        containers=lambda all, filters: [{"Id": each} for each in by_id],
        get_archive=get_archive,
    )
    client: Any = SimpleNamespace(api=api, info=lambda: info or {})
    context = EngineContext(client, Endpoint("unix:///no", "test"))
    return Volume(context, name, lambda image: None), read


def test_it_is_read_through_a_container_that_has_it_whole() -> None:
    below = {"Type": "bind", "Destination": "/data/below"}
    shown, read = volume(
        user("hides", DATA, below),
        user("memory", DATA, Tmpfs={"/data/scratch": ""}),
        user("whole", DATA | {"Destination": "/srv/data/"}, {"Destination": "/srv/data-2"}),
    )
    assert [file.path for file in shown.files()] == ["."]
    assert read == ["id-of-whole /srv/data/."]


def test_who_has_it_is_named_and_a_bind_mount_of_that_name_does_not_count() -> None:
    shown, _ = volume(user("b", DATA), user("a", DATA), user("c", DATA | {"Type": "bind"}))
    assert shown.containers == ("a", "b")
    assert repr(shown) == "volume data, used by a, b"
    assert repr(volume()[0]) == "volume data, used by no container"


def test_one_that_is_not_there_is_said_with_a_next_step() -> None:
    with pytest.raises(NoSuchVolume, match=r"'other'.*docker volume ls"):
        volume(name="other")


def test_podman_tells_no_owners_so_none_are_shown() -> None:
    shown, _ = volume(user("a", DATA), info={"BuildahVersion": "1.43.0"})
    assert [file.owner for file in shown.files()] == [""]
    assert repr(shown.files()) == "drwxr-xr-x  n/a    ."
