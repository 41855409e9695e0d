"""Bundles on a real engine: out of it, into it, over the network, and the docker CLI agrees."""

from __future__ import annotations

import io
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.engine.base import folders as places
from helpers.engine.base.labels import STAND_IN
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.load import config_in
from helpers.engine.bundle.save import save_bundle
from helpers.engine.bundle.server import BundleServer
from helpers.engine.bundle.tar_index import tar_index
from helpers.engine.docker import Docker
from helpers.engine.image.platform import engine_platform
from helpers.engine.registry.reachability import Reachability
from helpers.engine.supply import image_supply, sources, vouching
from helpers.engine.supply import load_bundle as loading
from helpers.engine.supply.accepted import REMARK
from helpers.engine.supply.image_supply import ImageSupply
from helpers.engine.supply.ledger import supplied
from helpers.engine.supply.load_bundle import KEPT, load_bundle
from helpers.errors import DamagedBundle, ImageUnavailable, InvalidInput
from helpers.model.image.config import is_made_of
from helpers.model.image.platform import Platform
from helpers.model.supply.supply import Source, SupplyProgress
from tests.engine.conftest import BUSYBOX
from tests.engine.registry_kit import build, noise, put_list
from tests.engine.supply_kit import identity, image_id, set_aside

pytestmark = pytest.mark.engine
NAMES = ("wbbun-app:1", "wbbun-app:2")
Told = list[SupplyProgress]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state of the test's own, and no Docker Hub."""
    cache = places.cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").symlink_to(cache)
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    for name in ("WORKBOOK_BUNDLE", "WORKBOOK_FROM", "WORKBOOK_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    for module in (sources, vouching):
        monkeypatch.setattr(module, "reachability", lambda: Reachability(False, "no network", 0.0))
    monkeypatch.setattr(sources.RegistrySource, "_asks_from_here", lambda self: True)
    monkeypatch.setattr(image_supply, "copies_of", lambda reference: ())


@pytest.fixture
def images(docker: Docker) -> Iterator[dict[str, str]]:
    """{name: identity} of two images that share a layer."""
    shared = noise(400_000)
    build(docker.client, NAMES[0], shared, noise(1000))
    build(docker.client, NAMES[1], shared, noise(2000))
    yield {name: str(identity(docker.client, name)) for name in NAMES}
    remove(docker)


def remove(docker: Docker) -> None:
    for name in NAMES:
        if image_id(docker.client, name):
            docker.client.api.remove_image(name, force=True)


def saved(docker: Docker, path: Path, told: Told | None = None) -> BundleFile:
    tell: Callable[[SupplyProgress], None] = (told if told is not None else []).append
    return save_bundle(docker.client, NAMES, path, tell)


def test_out_and_in_again_with_the_same_ids_and_each_layer_once(
    docker: Docker, images: dict[str, str], tmp_path: Path
) -> None:
    told: Told = []
    bundle = saved(docker, tmp_path / "b.tar", told)
    bundle.verify()
    layers = [layer.digest for image in bundle.images for layer in bundle.manifest(image).layers]
    blobs = [member for member in tar_index(bundle.path).members if "blobs" in member.name]
    assert len(layers) == 6
    assert len(set(layers)) == 4
    assert len(blobs) == 4 + 2 + 2
    assert told[-1].fraction == 1.0
    remove(docker)
    found = load_bundle(docker.client, bundle.path, told.append)
    assert {name: identity(docker.client, name) for name in NAMES} == images
    ids = {name: image_id(docker.client, name) for name in NAMES}
    assert {one.name: one.image_id for one in found} == ids
    assert {one.source for one in found} == {Source.BUNDLE}
    assert {entry.name: entry.image_id for entry in supplied()} == ids
    output = docker.run(NAMES[0], "wc -c /part-0", name="wbbun-run", detach=False).logs()
    assert output.split()[0] == "400000"


def test_what_is_there_is_left_as_it_is(
    docker: Docker, images: dict[str, str], tmp_path: Path
) -> None:
    bundle = saved(docker, tmp_path / "b.tar")
    docker.client.api.tag(BUSYBOX, *NAMES[1].split(":"), force=True)
    before = {name: image_id(docker.client, name) for name in NAMES}
    found = load_bundle(docker.client, bundle.path, lambda _: None)
    assert [one.source for one in found] == [Source.ENGINE, Source.ENGINE]
    assert [one.note for one in found] == ["", KEPT]
    assert {name: image_id(docker.client, name) for name in NAMES} == before
    assert supplied() == []


def test_a_damaged_bundle_loads_nothing_at_all(
    docker: Docker, images: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = saved(docker, tmp_path / "b.tar")
    last = bundle.manifest(bundle.images[1]).layers[-1].digest
    member = tar_index(bundle.path).by_name()[f"blobs/sha256/{last[7:]}"]
    changed = bytearray(bundle.path.read_bytes())
    changed[member.start + 100] ^= 1
    bundle.path.write_bytes(changed)
    remove(docker)
    with pytest.raises(DamagedBundle, match=r"layer 3 of 3 of wbbun-app:2") as caught:
        load_bundle(docker.client, bundle.path, lambda _: None)
    assert "again" in caught.value.next_step
    assert not any(image_id(docker.client, name) for name in NAMES)
    monkeypatch.setenv("WORKBOOK_BUNDLE", str(bundle.path))
    with pytest.raises(ImageUnavailable, match=r"the bundle: .*layer 3 of 3 of wbbun-app:2"):
        ImageSupply(docker.client).ensure(NAMES[1])
    ImageSupply(docker.client).ensure(NAMES[0])
    assert identity(docker.client, NAMES[0]) == images[NAMES[0]]


def test_a_saving_that_was_broken_off_reads_only_what_is_missing(
    docker: Docker, images: dict[str, str], tmp_path: Path
) -> None:
    told: Told = []

    def break_off(step: SupplyProgress) -> None:
        if step.name == NAMES[1]:
            raise KeyboardInterrupt

    path = tmp_path / "b.tar"
    with pytest.raises(KeyboardInterrupt):
        save_bundle(docker.client, NAMES, path, break_off)
    assert not path.exists()
    bundle = saved(docker, path, told)
    assert {step.name for step in told} == {NAMES[1]}
    whole = saved(docker, tmp_path / "whole.tar")
    assert bundle.path.read_bytes() == whole.path.read_bytes()


def test_the_supply_takes_one_image_of_a_bundle_and_leaves_the_others(
    docker: Docker, images: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = saved(docker, tmp_path / "b.tar")
    remove(docker)
    monkeypatch.setenv("WORKBOOK_BUNDLE", str(bundle.path))
    found = ImageSupply(docker.client).ensure(NAMES[0])
    assert (found.source, identity(docker.client, NAMES[0])) == (Source.BUNDLE, images[NAMES[0]])
    assert found.note == "from b.tar"
    assert image_id(docker.client, NAMES[1]) is None


def test_thirty_learners_take_an_image_from_the_rooms_server(
    docker: Docker, images: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = saved(docker, tmp_path / "b.tar")
    remove(docker)
    with BundleServer(bundle, 4045, "127.0.0.1") as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("WORKBOOK_FROM", f"localhost:4045/#{bundle.digest.words}")
        told: Told = []
        found = ImageSupply(docker.client).ensure(NAMES[1], told.append)
        assert (found.source, identity(docker.client, NAMES[1])) == (
            Source.SERVER,
            images[NAMES[1]],
        )
        given = server.served_bytes
        assert ImageSupply(docker.client).ensure(NAMES[1]).source is Source.ENGINE
        assert server.served_bytes == given
        server.shutdown()
    assert not list((places.cache_dir() / "served").glob("*"))
    with pytest.raises(ImageUnavailable, match=r"the room's server: .*cannot be reached"):
        ImageSupply(docker.client).ensure(NAMES[0])


def test_several_platforms_stand_under_one_name(docker: Docker, tmp_path: Path) -> None:
    """What the engine does not run comes from a registry, as it stands there."""
    registry = docker.registry(port=4044)
    configs = put_list(registry.address, "library/busybox", "1.37", ["linux/arm64", "linux/s390x"])
    own = str(engine_platform(docker.client))
    told: Told = []

    def make(*platforms: str) -> BundleFile:
        return save_bundle(
            docker.client,
            [BUSYBOX],
            tmp_path / "b.tar",
            told.append,
            [Platform.parse(platform) for platform in platforms],
            registry.address,
        )

    bundle = make(own, "linux/arm64", "linux/s390x")
    bundle.verify()
    manifests = {str(image.platform): bundle.manifest(image) for image in bundle.images}
    mine = config_in(bundle, manifests[own])
    assert is_made_of(docker.client.api.inspect_image(BUSYBOX), mine)
    assert {name: manifests[name].config.digest for name in manifests if name != own} == configs
    assert {image.name for image in bundle.images} == {BUSYBOX}
    assert [one.source for one in load_bundle(docker.client, bundle.path, told.append)] == [
        Source.ENGINE
    ]
    with pytest.raises(InvalidInput, match="linux/riscv64"):
        make("linux/riscv64")
    other = make("linux/arm64")
    if not own.endswith("arm64"):
        with pytest.raises(InvalidInput, match="is for linux/arm64, and this engine is"):
            load_bundle(docker.client, other.path, told.append)


def test_stand_ins_take_official_names_only_where_they_are_allowed(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, path = "registry:3", tmp_path / "b.tar"
    with set_aside(docker.client, name):
        changes = [f'LABEL {STAND_IN}="made for a test"']
        docker.client.api.import_image_from_data(layer_of_noise(), "registry", "3", changes)
        made = identity(docker.client, name)
        save_bundle(docker.client, [name], path, lambda _: None)
        docker.client.api.remove_image(name, force=True)
        monkeypatch.setattr(loading, "allows_stand_ins", lambda info: False)
        with pytest.raises(ImageUnavailable, match="stand-ins, not the official images") as caught:
            load_bundle(docker.client, path, lambda _: None)
        assert "--allow-stand-ins" in caught.value.next_step
        monkeypatch.setenv("WORKBOOK_BUNDLE", str(path))
        with pytest.raises(ImageUnavailable, match=r"the bundle: .*its image is a stand-in"):
            ImageSupply(docker.client, allow_stand_ins=False).ensure(name)
        assert image_id(docker.client, name) is None
        found = ImageSupply(docker.client, allow_stand_ins=True).ensure(name)
        assert (found.source, identity(docker.client, name)) == (Source.BUNDLE, made)
        assert found.note == f"from b.tar{REMARK}"


def layer_of_noise() -> bytes:
    """A tar with a file that no other image has."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        info = tarfile.TarInfo("noise")
        info.size = 1000
        tar.addfile(info, io.BytesIO(noise(info.size)))
    return layer.getvalue()


def test_the_docker_command_finds_the_same_ids(
    docker: Docker, images: dict[str, str], tmp_path: Path
) -> None:
    bundle = saved(docker, tmp_path / "b.tar")
    remove(docker)
    load_bundle(docker.client, bundle.path, lambda _: None)
    for name, before in images.items():
        assert identity(docker.client, name) == before
        said = subprocess.run(
            ["docker", "image", "inspect", "-f", "{{.Id}}", name],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert said.stdout.strip() == image_id(docker.client, name)
