"""A registry that stops, fills up, lies, or moves a tag: a clear word, no half-made tag, and the
next try succeeds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from helpers.engine.base.engine_context import Listeners
from helpers.engine.docker import Docker
from helpers.engine.registry.registry import Registry
from helpers.errors import (
    EngineGone,
    Interrupted,
    NoSuchImage,
    NotInRegistry,
    RegistryFull,
    RegistryGone,
    WrongDigest,
)
from helpers.model.registry.transfer import Transfer, TransferProgress
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.cut_proxy import CutProxy
from tests.engine.registry_kit import build, forget, names_at, noise, registry_at
from tests.engine.registry_road import Road, road_to

pytestmark = pytest.mark.engine
PORT = 4042


@pytest.fixture
def registry(docker: Docker) -> Registry:
    return docker.registry(port=PORT)


@pytest.fixture
def road(docker: Docker, registry: Registry) -> Iterator[tuple[Registry, Road]]:
    with road_to(registry.address) as (address, road):
        yield registry_at(docker, address), road
        forget(docker, address)


def at_first_byte(docker: Docker, action: object) -> tuple[Docker, list[TransferProgress]]:
    """The same engine, whose pushes call the action once, as soon as a layer is on its way.

    With all that is told of them.
    """
    told: list[TransferProgress] = []

    def tell(progress: TransferProgress) -> None:
        told.append(progress)
        under_way = any(layer.stage == "sending" for layer in progress.layers.values())
        if under_way and not done:
            done.append(True)
            action()

    done: list[bool] = []
    listeners = Listeners(on_transfer=tell)
    return Docker(docker.client, docker.endpoint, LABEL, listeners=listeners), told


def test_stopped_in_the_middle_of_a_push(docker: Docker, registry: Registry) -> None:
    build(docker.client, "wbreg-app:1", noise(30_000_000))
    assert registry.container is not None
    listening, told = at_first_byte(docker, lambda: registry.container.kill())
    there = listening.registry(port=PORT)
    with pytest.raises(RegistryGone, match="is exited: it stopped in the middle") as caught:
        there.push("wbreg-app:1", "app:1")
    assert "No tag was made" in caught.value.next_step
    assert told[-1].is_over
    again = docker.registry(port=PORT)
    with pytest.raises(NotInRegistry):
        again.digest("app:1")
    pushed = again.push("wbreg-app:1", "app:1")
    assert again.tags("app") == ["1"]
    assert again.digest("app:1") == pushed.digest


def test_a_full_disk(docker: Docker) -> None:
    small = docker.run(
        "registry:3",
        name="wbreg-small",
        ports={5000: f"127.0.0.1:{PORT}"},
        tmpfs={"/var/lib/registry": "size=3m"},
    )
    small.wait_until_ready("/v2/", seconds=30)
    registry = registry_at(docker, f"localhost:{PORT}", small)
    build(docker.client, "wbreg-app:1", noise(4_000_000))
    try:
        with pytest.raises(RegistryFull, match=r"disk of the registry .* is full") as caught:
            registry.push("wbreg-app:1", "app:1")
        assert "No tag was made" in caught.value.next_step
        with pytest.raises(NotInRegistry):
            registry.digest("app:1")
        # Empty again: what is only deleted stays for as long as an upload has it open.
        small.restart()
        small.wait_until_ready("/v2/", seconds=30)
        build(docker.client, "wbreg-app:2", noise(10_000))
        registry.push("wbreg-app:2", "app:1")
        assert registry.tags("app") == ["1"]
    finally:
        forget(docker, registry.address)


@pytest.mark.parametrize("part", ["/blobs/", "/manifests/"])
def test_other_bytes_than_the_digest_says(
    docker: Docker, registry: Registry, road: tuple[Registry, Road], part: str
) -> None:
    build(docker.client, "wbreg-app:1", noise(100_000))
    pushed = registry.push("wbreg-app:1", "app:1")
    layer = registry.manifest("app:1").layers[-1].digest
    forget(docker, registry.address)
    docker.client.api.remove_image("wbreg-app:1")
    there, way = road
    in_layer, in_manifest = (f"{part}{layer}", b"\x1f\x8b", b"\x1f\x8c"), (part, b"  ", b"   ")
    way.spoil = in_layer if part == "/blobs/" else in_manifest
    name = f"app@{pushed.digest}"
    with pytest.raises(WrongDigest, match="other bytes than"):
        there.pull(name)
    if part == "/manifests/":
        with pytest.raises(WrongDigest, match="other bytes than"):
            there.manifest(name)
    assert names_at(docker, there.address) == []
    way.spoil = None
    assert pulled_at_last(there, name).digest == pushed.digest


def pulled_at_last(registry: Registry, name: str) -> Transfer:
    """What comes as soon as containerd's store has cleared away what it refused, in a second or
    two: until then it refuses that again, without asking the registry."""
    pause = threading.Event()
    for _ in range(200):
        with suppress(WrongDigest):
            return registry.pull(name)
        pause.wait(0.1)
    raise AssertionError("what was refused is there still")


def test_a_tag_that_moves_during_a_pull(
    docker: Docker, registry: Registry, road: tuple[Registry, Road]
) -> None:
    build(docker.client, "wbreg-app:1", noise(10_000))
    build(docker.client, "wbreg-app:2", noise(10_000))
    first = registry.push("wbreg-app:1", "app:1")
    forget(docker, registry.address)
    docker.client.api.remove_image("wbreg-app:1")
    there, way = road
    hold = way.on_get[f"/blobs/{first.layers[-1].digest}"] = threading.Event()

    def move() -> None:
        way.waiting.wait(30)
        second = registry.push("wbreg-app:2", "app:1")
        moved.append(second.digest)
        hold.set()

    moved: list[str] = []
    mover = threading.Thread(target=move)
    mover.start()
    pulled = there.pull("app:1")
    mover.join()
    assert pulled.digest == first.digest
    assert "The tag moved meanwhile" in pulled.note
    assert moved[0][:19] in pulled.note
    assert pulled.note in repr(pulled)
    again = there.pull("app:1")
    assert (again.digest, again.note) == (moved[0], "")


def test_no_such_image_to_push(registry: Registry) -> None:
    with pytest.raises(NoSuchImage):
        registry.push("wbreg-nothing:1", "app:1")
    assert registry.repositories() == []


def test_no_registry_there(docker: Docker) -> None:
    nobody = registry_at(docker, "localhost:4049")
    try:
        with pytest.raises(RegistryGone, match="cannot be reached"):
            nobody.push(BUSYBOX, "bb:1")
    finally:
        forget(docker, nobody.address)
    with pytest.raises(RegistryGone, match="connection refused"):
        nobody.tags("bb")


def test_an_interrupted_push_leaves_no_tag(docker: Docker, registry: Registry) -> None:
    build(docker.client, "wbreg-app:1", noise(30_000_000))

    def interrupt() -> None:
        raise KeyboardInterrupt

    listening, _ = at_first_byte(docker, interrupt)
    there = listening.registry(port=PORT)
    with pytest.raises(Interrupted, match="docker push"):
        there.push("wbreg-app:1", "app:1")
    with pytest.raises(NotInRegistry):
        registry.digest("app:1")
    assert docker.registry(port=PORT).push("wbreg-app:1", "app:1").digest


def test_an_engine_that_goes_away_during_a_push(
    docker: Docker, registry: Registry, tmp_path: Path
) -> None:
    from helpers.engine.base.endpoint import Endpoint
    from helpers.engine.connection.client import find_client

    build(docker.client, "wbreg-app:1", noise(30_000_000))
    proxy = CutProxy(docker.endpoint.host, tmp_path / "engine.sock")
    endpoint = Endpoint(proxy.host, "DOCKER_HOST of the test")
    client, _ = find_client([endpoint])
    other, _ = at_first_byte(Docker(client, endpoint, LABEL), proxy.cut)
    there = other.registry(port=PORT)
    with pytest.raises(EngineGone):
        there.push("wbreg-app:1", "app:1")
    client.close()
    assert docker.registry(port=PORT).push("wbreg-app:1", "app:1").digest
