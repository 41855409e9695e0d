"""What is in a volume, against what a container with it sees; and that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from docker.errors import NotFound

from helpers.engine.docker import Docker
from helpers.errors import NoSuchVolume

pytestmark = pytest.mark.engine

NAME = "wbt-volume"
FILL = (
    "mkdir -p /data/2026 && echo tea > /data/2026/monday && chown -R 1234:5 /data/2026 && "
    "chmod 600 /data/2026/monday"
)
SEEN = "cd /data && stat -c '%u:%g %a' 2026/monday && sha256sum 2026/monday"


@pytest.fixture(autouse=True)
def nothing_stays(docker: Docker) -> Iterator[None]:
    """The volume, which `docker run` makes by the way, and so without a label, is gone again."""
    yield
    docker.clean_up()
    with suppress(NotFound):
        docker.client.api.remove_volume(NAME)


def filled(docker: Docker) -> None:
    """The volume with a folder and a file, and no container that has it."""
    box = docker.run("busybox:1.37", ["sh", "-c", FILL], detach=False, volumes=[f"{NAME}:/data"])
    box.remove()


def test_files_are_those_that_a_container_sees(docker: Docker) -> None:
    filled(docker)
    before = docker.client.api.containers(all=True)
    files = docker.volume(NAME).files()
    assert [each["Id"] for each in docker.client.api.containers(all=True)] == [
        each["Id"] for each in before
    ]
    monday = {file.path: file for file in files}["2026/monday"]
    box = docker.run("busybox:1.37", "sleep 600", name="wbt-user", volumes=[f"{NAME}:/data"])
    owner, digest = box.exec(["sh", "-c", SEEN]).splitlines()
    assert owner == f"{monday.owner} 600"
    assert digest.split()[0] == monday.sha256
    assert monday.mode == "-rw-------"
    assert repr(docker.volume(NAME)) == f"volume {NAME}, used by wbt-user"
    assert docker.volume(NAME).files() == files, "read through the container that has it"
    changed = docker.volume(NAME).modified_seconds("2026/monday")
    assert changed
    assert str(int(changed)) == box.exec(["stat", "-c", "%Y", "/data/2026/monday"]).strip()
    assert docker.volume(NAME).modified_seconds("2026/sunday") is None
    box.stop(0)
    assert docker.volume(NAME).files() == files, "and through one that does not run"


def test_what_hides_a_part_of_it_is_not_read_through(docker: Docker) -> None:
    filled(docker)
    files = docker.volume(NAME).files()
    docker.run(
        "busybox:1.37",
        "sleep 600",
        name="wbt-user",
        volumes=[f"{NAME}:/data"],
        tmpfs={"/data/2026": ""},
    )
    assert docker.volume(NAME).files() == files


def test_a_volume_that_is_not_there_is_not_made(docker: Docker) -> None:
    with pytest.raises(NoSuchVolume, match="wbt-none"):
        docker.volume("wbt-none")
    names = [each["Name"] for each in docker.client.api.volumes()["Volumes"] or []]
    assert "wbt-none" not in names


def test_a_restore_that_finds_no_room_says_so_and_loses_nothing(docker: Docker) -> None:
    """As in lesson 10, but into a volume of half a megabyte, for two."""
    filled(docker)
    run, small = docker.run, "wbt-small"
    grow = "head -c 2000000 /dev/urandom > /data/2026/tuesday && tar c -f /attic/all.tar -C /data ."
    attic = [f"{NAME}:/data", "wbt-attic:/attic"]
    run("busybox:1.37", ["sh", "-c", grow], detach=False, volumes=attic).remove()
    before = [docker.volume(name).files() for name in (NAME, "wbt-attic")]
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=512k"}
    docker.client.api.create_volume(small, driver="local", driver_opts=options)
    try:
        restore = ["tar", "x", "-f", "/attic/all.tar", "-C", "/data"]
        onto = [f"{small}:/data", "wbt-attic:/attic:ro"]
        box = run("busybox:1.37", restore, name="wbt-restore", volumes=onto)
        assert box.wait() == 1
        assert "No space left on device" in box.logs()
        assert [docker.volume(name).files() for name in (NAME, "wbt-attic")] == before
    finally:
        docker.clean_up()
        for name in (small, "wbt-attic"):
            docker.client.api.remove_volume(name)
