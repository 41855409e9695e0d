"""A real registry in a container: pushed to, pulled from, read over HTTP, and cleaned away."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from helpers.commands.__main__ import main
from helpers.engine.docker import Docker
from helpers.engine.registry import cache as registry_cache
from helpers.engine.registry.cache import FAR_CACHE_NAME
from helpers.engine.registry.registry import Registry
from helpers.engine.supply import ImageSupply
from helpers.engine.supply.cache_note import NotedCache, noted_cache
from helpers.errors import NameInUse, NotInRegistry, RegistryError
from helpers.model.image.descriptor import MANIFEST_TYPES
from helpers.model.registry.transfer import Fate
from helpers.model.supply.supply import Source
from tests.engine.conftest import BUSYBOX
from tests.engine.registry_kit import build, forget, names_at, noise, put_list, registry_at
from tests.engine.registry_road import road_to
from tests.engine.supply_kit import image_id

pytestmark = pytest.mark.engine


@pytest.fixture
def registry(docker: Docker) -> Registry:
    return docker.registry(port=4040)


def test_the_digest_is_the_same_after_push_removal_and_pull(
    docker: Docker, registry: Registry
) -> None:
    build(docker.client, "wbreg-app:1", noise(200_000))
    before = image_id(docker.client, "wbreg-app:1")
    pushed = registry.push("wbreg-app:1", "team/app:1.0")
    assert [layer.fate for layer in pushed.layers] == [Fate.SENT, Fate.SENT]
    for name in ("wbreg-app:1", registry.name("team/app:1.0")):
        docker.client.api.remove_image(name)
    assert image_id(docker.client, registry.name("team/app:1.0")) is None
    pulled = registry.pull("team/app:1.0")
    assert pulled.digest == pushed.digest == registry.digest("team/app:1.0")
    assert image_id(docker.client, registry.name("team/app:1.0")) == before
    assert pulled.layers[-1].fate is Fate.FETCHED
    said = subprocess.run(
        ["docker", "image", "inspect", "-f", "{{json .RepoDigests}}", pulled.name],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert any(name.endswith(pulled.digest) for name in json.loads(said))


def test_the_second_version_sends_its_own_layer_alone(docker: Docker, registry: Registry) -> None:
    first, second = noise(300_000), noise(50_000)
    build(docker.client, "wbreg-app:1", first)
    build(docker.client, "wbreg-app:2", first, second)
    with road_to(registry.address) as (address, road):
        there = registry_at(docker, address)
        try:
            whole = there.push("wbreg-app:1", "app:1.0")
            assert road.sent_bytes >= whole.moved_bytes > 300_000
            stored, road.sent_bytes = registry.stored_bytes(), 0
            more = there.push("wbreg-app:2", "app:2.0")
        finally:
            forget(docker, address)
    assert [layer.fate for layer in more.layers] == [Fate.SKIPPED, Fate.SKIPPED, Fate.SENT]
    manifest = registry.manifest("app:2.0")
    assert manifest.config is not None
    of_its_own = more.layers[-1].size_bytes + manifest.config.size_bytes
    assert 50_000 < more.moved_bytes < 52_000
    assert road.sent_bytes == of_its_own
    assert registry.stored_bytes() - stored == of_its_own + len(manifest.body)
    assert more.skipped_bytes > 300_000


def test_what_the_registry_says_is_what_its_api_says(docker: Docker, registry: Registry) -> None:
    pushed = registry.push(BUSYBOX, "bb:1")
    registry.push(BUSYBOX, "bb:latest")
    registry.push(BUSYBOX, "other/bb:1")
    manifest = registry.manifest("bb:1")
    plain = requests.get(
        f"http://{registry.address}/v2/bb/manifests/1",
        headers={"Accept": ", ".join(MANIFEST_TYPES)},
        proxies={"http": ""},
        timeout=10,
    )
    assert plain.headers["Docker-Content-Digest"] == manifest.digest == pushed.digest
    assert manifest.body == plain.content
    assert [layer.digest for layer in manifest.layers] == [one.digest for one in pushed.layers]
    assert manifest.config is not None
    # An engine with containerd's image store calls an image by its manifest, others by its config.
    assert image_id(docker.client, BUSYBOX) in (manifest.config.digest, manifest.digest)
    assert sorted(registry.tags("bb")) == ["1", "latest"]
    assert sorted(registry.repositories()) == ["bb", "other/bb"]
    answer = registry.get("/v2/bb/tags/list")
    assert sorted(answer.json()["tags"]) == ["1", "latest"]
    assert "200" in repr(answer)
    assert registry.digest(f"bb@{pushed.digest}") == pushed.digest


def test_deleting_takes_every_tag_of_that_digest(docker: Docker, registry: Registry) -> None:
    registry.push(BUSYBOX, "bb:1")
    registry.push(BUSYBOX, "bb:stable")
    build(docker.client, "wbreg-app:1", noise(1000))
    registry.push("wbreg-app:1", "bb:2")
    gone = registry.delete("bb:1")
    assert sorted(gone.tags) == ["1", "stable"]
    assert registry.tags("bb") == ["2"]
    with pytest.raises(NotInRegistry, match="no such image"):
        registry.digest("bb:1")


def test_what_is_not_there_is_said_by_push_pull_and_api(docker: Docker, registry: Registry) -> None:
    with pytest.raises(NotInRegistry, match="has no"):
        registry.pull("nothing:1")
    with pytest.raises(NotInRegistry, match="repository"):
        registry.tags("nothing")
    registry.push(BUSYBOX, "bb:1")
    with pytest.raises(NotInRegistry, match=r"bb:9"):
        registry.pull("bb:9")
    with pytest.raises(NotInRegistry):
        registry.manifest("bb:9")


def test_the_same_registry_is_found_again_and_started_again(
    docker: Docker, registry: Registry
) -> None:
    registry.push(BUSYBOX, "bb:1")
    assert registry.container is not None
    registry.container.stop(seconds=1)
    again = docker.registry(port=4040)
    assert again.address == registry.address
    assert again.tags("bb") == ["1"]


def test_a_strangers_container_is_left_alone(docker: Docker) -> None:
    api = docker.client.api
    api.create_container(BUSYBOX, name="workbook-registry")
    try:
        with pytest.raises(NameInUse, match="did not make it"):
            docker.registry(port=4040)
    finally:
        api.remove_container("workbook-registry")


def test_clean_up_takes_the_registry_its_volume_and_names_and_leaves_what_was_there(
    docker: Docker,
) -> None:
    api = docker.client.api
    api.tag(BUSYBOX, "localhost:4040/mine", "1")
    before = names_at(docker, "localhost:4040")
    try:
        registry = docker.registry(port=4040)
        registry.push(BUSYBOX, "bb:1")
        build(docker.client, "wbreg-app:1", noise(1000))
        digest = registry.push("wbreg-app:1", "app:1").digest
        api.remove_image(registry.name("app:1"))
        api.remove_image("wbreg-app:1")
        registry.pull(f"app@{digest}")
        removed = docker.clean_up()
        assert removed.containers == ("workbook-registry",)
        assert removed.volumes == ("workbook-registry",)
        assert names_at(docker, registry.address) == before
        assert image_id(docker.client, BUSYBOX)
        assert docker.client.api.volumes(filters={"name": "workbook-"})["Volumes"] == []
    finally:
        api.remove_image("localhost:4040/mine:1")


def test_two_thousand_tags_and_every_platform_are_listed_in_full(
    docker: Docker, registry: Registry
) -> None:
    platforms = ["linux/amd64", "linux/arm64/v8", "linux/arm/v7", "linux/s390x"]
    configs = put_list(registry.address, "app", "v0000", platforms)
    found = registry.manifest("app:v0000")
    assert [str(platform) for platform in found.platforms] == platforms
    for platform, config in configs.items():
        one = registry.manifest("app:v0000", platform)
        assert one.config is not None
        assert one.config.digest == config
    assert registry.container is not None
    tags = "/var/lib/registry/docker/registry/v2/repositories/app/_manifests/tags"
    script = f"""
        cd {tags} && link=$(cat v0000/current/link)
        for i in $(seq 10001 11999); do echo v${{i#1}}/current; done | xargs mkdir -p
        for i in $(seq 10001 11999); do printf %s $link > v${{i#1}}/current/link; done
    """  # a push each would take a minute, and leave the same files
    made = registry.container.exec(["sh", "-c", script])
    assert made.exit_code == 0, made
    assert registry.tags("app") == [f"v{number:04}" for number in range(2000)]
    assert registry.digest("app:v1999") == found.digest


def test_the_cache_command_keeps_what_the_supply_asks_for(
    docker: Docker,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    build(docker.client, "wbreg-cached:1", noise(50_000))
    wanted = image_id(docker.client, "wbreg-cached:1")
    registry.push("wbreg-cached:1", "library/wbreg-cached:1")
    for name in ("wbreg-cached:1", registry.name("library/wbreg-cached:1")):
        docker.client.api.remove_image(name)
    assert registry.container is not None
    inspected = docker.client.api.inspect_container(registry.container.id)
    upstream = next(iter(inspected["NetworkSettings"]["Networks"].values()))["IPAddress"]
    elsewhere = ["cache", "start", "--of", f"http://{upstream}:5000", "--port", "4043"]
    try:
        assert main(elsewhere) == 0
        assert noted_cache() is None
        assert main(["cache", "start", "--port", "4043"]) == 1
        assert f"a cache of http://{upstream}:5000" in capsys.readouterr().err
        docker.container(FAR_CACHE_NAME).stop(seconds=1)
        assert main(["cache", "stop"]) == 0
        assert "The cache is gone, and all that it kept." in capsys.readouterr().out
        assert not docker.client.api.volumes(filters={"name": FAR_CACHE_NAME})["Volumes"]
        with monkeypatch.context() as patched:  # that registry, in the place of Docker Hub
            patched.setattr(registry_cache, "DOCKER_HUB_URL", f"http://{upstream}:5000")
            assert main(["cache", "start", "--port", "4043"]) == 0
        cache = docker.container(FAR_CACHE_NAME)
        assert noted_cache() == NotedCache(cache.id, 4043)
        found = ImageSupply(docker.client).ensure("wbreg-cached:1")
        assert (found.source, found.image_id) == (Source.MIRROR, wanted)
        assert main(["cache", "show"]) == 0
        assert "library/wbreg-cached: 1" in capsys.readouterr().out
    finally:
        assert main(["cache", "stop"]) == 0
        docker.client.api.remove_image("wbreg-cached:1")
    assert noted_cache() is None
    assert not docker.client.api.containers(all=True, filters={"name": FAR_CACHE_NAME})
    assert not docker.client.api.volumes(filters={"name": FAR_CACHE_NAME})["Volumes"]


@pytest.fixture
def cached(docker: Docker, registry: Registry) -> Iterator[Registry]:
    yield docker.registry(port=4041, cache_of=registry)
    forget(docker, "localhost:4041")


def test_a_cache_gives_the_same_digest_also_without_its_source_and_takes_no_push(
    docker: Docker, registry: Registry, cached: Registry
) -> None:
    build(docker.client, "wbreg-app:1", noise(100_000))
    pushed = registry.push("wbreg-app:1", "app:1")
    for name in ("wbreg-app:1", registry.name("app:1")):
        docker.client.api.remove_image(name)
    assert cached.stored_bytes() == 0
    assert cached.pull("app:1").digest == pushed.digest
    assert cached.stored_bytes() > 100_000
    docker.client.api.remove_image(cached.name("app:1"))
    assert registry.container is not None
    registry.container.stop(seconds=1)
    assert cached.pull(f"app@{pushed.digest}").digest == pushed.digest
    with pytest.raises(RegistryError, match=r"is a cache of localhost:.* takes no pushes"):
        cached.push(BUSYBOX, "bb:1")
    assert not docker.client.api.images(cached.name("bb:1")), "and no name of it is left"
