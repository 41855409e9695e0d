"""The chain of sources on a real engine: what was there before is there after."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from helpers.engine.base import folders as places
from helpers.engine.base.labels import PRIVATE_LABEL, STAND_IN
from helpers.engine.base.pump import NAME as PUMP
from helpers.engine.connection.client import find_client
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.reachability import Reachability
from helpers.engine.supply import image_supply, public_copies, sources
from helpers.engine.supply.image_supply import ImageSupply
from helpers.engine.supply.ledger import supplied
from helpers.engine.supply.pull import pull
from helpers.engine.supply.source_failed import SourceFailed
from helpers.errors import ImageUnavailable, Interrupted, InvalidInput
from helpers.model.supply.catalogue import BUSYBOX, REGISTRY
from helpers.model.supply.public_copies import PublicCopy
from helpers.model.supply.supply import Source, SupplyProgress
from tests.engine.supply_kit import (
    StalledRegistry,
    identity,
    image_id,
    imported,
    need_loopback,
    need_stand_ins,
    serving,
    set_aside,
)

pytestmark = pytest.mark.engine
MINE = "wbsup-bundled:1"


@pytest.fixture(scope="module")
def client() -> Iterator[DockerClient]:
    found, _ = find_client()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state of the test's own, with the user's cache, so that nothing is made twice."""
    cache = places.cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").symlink_to(cache)
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    for name in ("WORKBOOK_BUNDLE", "WORKBOOK_MIRROR", "WORKBOOK_ALLOW_STAND_INS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker Hub is out of reach, as in a classroom without a network."""
    monkeypatch.setattr(sources, "reachability", lambda: Reachability(False, "no network", 0.0))
    monkeypatch.setattr(sources.RegistrySource, "_asks_from_here", lambda self: True)
    monkeypatch.setattr(image_supply, "copies_of", lambda reference: ())


@pytest.fixture
def mine(client: DockerClient) -> Iterator[str]:
    need_stand_ins()
    with imported(client, BUSYBOX, MINE) as name:
        yield name


@pytest.fixture
def unique(client: DockerClient) -> Iterator[str]:
    """An image whose one layer the engine has in no other image."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        info = tarfile.TarInfo("random")
        info.size = 1_000_000
        tar.addfile(info, io.BytesIO(os.urandom(info.size)))
    name = "wbsup-unique:1"
    client.api.import_image_from_data(layer.getvalue(), *name.split(":"))
    yield name
    if image_id(client, name):
        client.api.remove_image(name, force=True)


def saved(client: DockerClient, name: str, path: Path) -> Path:
    path.write_bytes(b"".join(client.images.get(name).save(named=True)))
    return path


def test_a_stand_in_takes_no_official_name_on_your_own_engine(client: DockerClient) -> None:
    with set_aside(client, "registry:3"):
        with pytest.raises(ImageUnavailable, match="--allow-stand-ins") as caught:
            ImageSupply(client, allow_stand_ins=False).ensure("registry:3")
        assert image_id(client, "registry:3") is None
    assert "Docker Hub: no network" in caught.value.message
    assert "a stand-in: not allowed" in caught.value.message
    assert supplied() == []


def test_who_allows_stand_ins(client: DockerClient, monkeypatch: pytest.MonkeyPatch) -> None:
    is_private = PRIVATE_LABEL in (client.info()["Labels"] or [])
    assert ImageSupply(client).allows_stand_ins is is_private
    monkeypatch.setenv("WORKBOOK_ALLOW_STAND_INS", "1")
    assert ImageSupply(client).allows_stand_ins
    assert not ImageSupply(client, allow_stand_ins=False).allows_stand_ins


def test_stand_ins_are_made_side_by_side_and_are_there_at_once_after(client: DockerClient) -> None:
    need_stand_ins()
    supply, told = ImageSupply(client, allow_stand_ins=True), list[SupplyProgress]()
    names = ["registry:3", "python:3.13-slim"]
    here = threading.get_ident()
    listened = set[int]()
    with set_aside(client, *names):
        found = supply.ensure_all(
            names, lambda step: (told.append(step), listened.add(threading.get_ident()))
        )
        assert [(one.name, one.source) for one in found] == [(n, Source.STAND_IN) for n in names]
        assert all("not the official image" in one.note for one in found)
        assert {step.name for step in told} == set(names)
        assert listened == {here}
        assert [(e.name, e.image_id) for e in sorted(supplied(), key=lambda e: e.name)] == [
            (one.name, one.image_id) for one in sorted(found, key=lambda one: one.name)
        ]
        label = client.images.get("python:3.13-slim").labels[STAND_IN]
        assert label.startswith("Debian 13: python3.13 3.13.")

        told.clear()
        again = supply.ensure("python:3.13-slim", told.append)
        assert told == [], "nothing is fetched or made for an image that is there"
        assert (again.source, again.image_id) == (Source.ENGINE, found[1].image_id)
        assert len(supplied()) == 2


def test_an_image_of_that_name_is_never_touched(client: DockerClient, mine: str) -> None:
    with set_aside(client, "registry:3"):
        client.api.tag(mine, "registry", "3")
        found = ImageSupply(client, allow_stand_ins=True).ensure("registry:3")
        assert found.source is Source.ENGINE
        assert image_id(client, "registry:3") == image_id(client, mine)
    assert supplied() == []


@pytest.mark.parametrize("kind", ["archive", "folder", "gzip"])
def test_a_bundle_gives_the_wanted_image_and_leaves_other_names_alone(
    client: DockerClient,
    mine: str,
    tmp_path: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.api.tag(mine, "wbsup-other", "1")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    both = client.api._result(
        client.api.get(client.api._url("/images/get"), params={"names": [mine, "wbsup-other:1"]}),
        binary=True,
    )
    path = bundle / "class.tar"
    path.write_bytes(both)
    if kind == "gzip":
        import gzip

        path = bundle / "class.tar.gz"
        path.write_bytes(gzip.compress(both, 1))
    expected = identity(client, mine)
    client.api.remove_image("wbsup-other:1", noprune=True)
    told = list[SupplyProgress]()
    with set_aside(client, mine):
        monkeypatch.setenv("WORKBOOK_BUNDLE", str(bundle if kind == "folder" else path))
        found = ImageSupply(client).ensure(mine, told.append)
        assert (found.source, identity(client, mine)) == (Source.BUNDLE, expected)
        assert found.image_id == image_id(client, mine)
        assert image_id(client, "wbsup-other:1") is None
        assert found.note == f"from {path.name}"
    assert told[-1].fraction == 1.0


def test_a_damaged_bundle_is_told_and_loads_nothing(
    client: DockerClient, unique: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = saved(client, unique, tmp_path / "whole.tar").read_bytes()
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "changed.tar").write_bytes(with_other_layer(whole))
    (bundle / "cut.tar").write_bytes(whole[: len(whole) // 2])
    (bundle / "noise.tar").write_bytes(b"noise" * 1000)
    (bundle / "notes.txt").write_text("not an archive")
    monkeypatch.setenv("WORKBOOK_BUNDLE", str(bundle))
    client.api.remove_image(unique)
    with pytest.raises(ImageUnavailable, match="the bundle: ") as caught:
        ImageSupply(client).ensure(unique)
    assert image_id(client, unique) is None
    for name in ("cut.tar", "noise.tar", "changed.tar"):
        assert name in caught.value.message

    (bundle / "whole.tar").write_bytes(whole)
    assert ImageSupply(client).ensure(unique).note == "from whole.tar"


def with_other_layer(whole: bytes) -> bytes:
    """The archive with a byte of its layer changed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(whole)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for member in old:
            file = old.extractfile(member) if member.isfile() else None
            data = bytearray(file.read() if file else b"")
            if len(data) > 1_000_000:
                data[500_000] ^= 1
            new.addfile(member, io.BytesIO(bytes(data)))
    return out.getvalue()


def test_no_bundle_where_it_should_be(
    client: DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_BUNDLE", str(tmp_path / "usb-stick"))
    with pytest.raises(ImageUnavailable, match=r"there is no .*usb-stick"):
        ImageSupply(client).ensure("wbsup-nowhere:1")


def test_unknown_images_are_told_with_every_reason(client: DockerClient) -> None:
    supply = ImageSupply(client, allow_stand_ins=True)
    with pytest.raises(ImageUnavailable, match=r"wbsup-nowhere:1 \(Docker Hub: no network\)"):
        supply.ensure("wbsup-nowhere:1")
    with pytest.raises(InvalidInput, match="capital letters"):
        supply.ensure("Wbsup-Nowhere")
    said = r"registry\.invalid: (its name cannot be resolved|no answer in time)"
    with pytest.raises(ImageUnavailable, match=said):
        supply.ensure("registry.invalid/app:1")


def test_when_one_of_several_fails_the_others_come(client: DockerClient, mine: str) -> None:
    with pytest.raises(ImageUnavailable, match="wbsup-nowhere"):
        ImageSupply(client).ensure_all([mine, "wbsup-nowhere:1"])


@pytest.fixture
def registry(client: DockerClient) -> Iterator[str]:
    """A real registry on loopback: the stand-in of lesson 05."""
    need_stand_ins()
    need_loopback(client)
    with imported(client, REGISTRY, "wbsup-registry:3") as image:
        box = client.containers.run(
            image, detach=True, name="wbsup-registry", ports={"5000/tcp": ("127.0.0.1", 0)}
        )
        try:
            box.reload()
            address = f"127.0.0.1:{box.ports['5000/tcp'][0]['HostPort']}"
            wait_for(f"http://{address}/v2/")
            yield address
        finally:
            box.remove(force=True, v=True)


def wait_for(url: str) -> None:
    from urllib.request import urlopen

    deadline = time.monotonic() + 20
    while True:
        try:
            urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise


def pushed(client: DockerClient, source: str, target: str) -> None:
    client.api.tag(source, target)
    answers: list[dict[str, Any]] = list(client.api.push(target, stream=True, decode=True))
    assert not [answer for answer in answers if "error" in answer]
    client.api.remove_image(target, noprune=True)


@pytest.mark.parametrize("prefix", ["", "/class"])
def test_a_mirror_gives_the_image_under_its_official_name_alone(
    client: DockerClient,
    mine: str,
    registry: str,
    monkeypatch: pytest.MonkeyPatch,
    prefix: str,
) -> None:
    pushed(client, mine, f"{registry}{prefix}/wbsup-bundled:1")
    monkeypatch.setenv("WORKBOOK_MIRROR", f"{registry}{prefix}")
    expected, told = image_id(client, mine), list[SupplyProgress]()
    with set_aside(client, mine):
        found = ImageSupply(client).ensure(mine, told.append)
        assert (found.source, found.image_id) == (Source.MIRROR, expected)
        assert client.images.get(mine).tags.count(mine) == 1
        assert not [t for t in client.images.get(mine).tags if t.startswith(registry)]
    with pytest.raises(ImageUnavailable, match="the mirror: it has no such image"):
        ImageSupply(client).ensure("wbsup-nowhere:1")


def test_a_public_copy_gives_the_hubs_image_where_the_hub_is_closed(
    client: DockerClient, unique: str, registry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A registry of this engine plays the public one, and the test tells Docker Hub's digest."""
    copy = PublicCopy("ECR Public", registry, "docker/library/wbsup-unique")
    for module in (image_supply, public_copies):
        monkeypatch.setattr(module, "copies_of", lambda reference: (copy,))
    pushed(client, unique, f"{copy.name}:1")
    expected, hubs = identity(client, unique), RegistryHttp(registry).digest(copy.repository, "1")
    notes = []
    for digest in ("", hubs):
        client.api.remove_image(unique, force=True)
        monkeypatch.setattr(public_copies, "hubs_digest", lambda reference, told=digest: told)
        supply = ImageSupply(client).ensure(unique)
        assert (supply.source, identity(client, unique)) == (Source.COPY, expected)
        assert client.images.get(unique).tags == [unique]
        notes.append(supply.note)
    origin = "from ECR Public, Docker Hub being closed"
    assert notes == [origin, f"{origin}; with Docker Hub's digest"]

    client.api.remove_image(unique, force=True)
    monkeypatch.setattr(public_copies, "hubs_digest", lambda reference: f"sha256:{'0' * 64}")
    with pytest.raises(ImageUnavailable, match="it has no image with Docker Hub's digest"):
        ImageSupply(client).ensure(unique)
    assert image_id(client, unique) is None


def test_an_image_of_another_registry_is_pulled_from_there(
    client: DockerClient, mine: str, registry: str
) -> None:
    name = f"{registry}/wbsup-pulled:1"
    pushed(client, mine, name)
    try:
        found = ImageSupply(client).ensure(name)
        assert (found.source, found.image_id) == (Source.HUB, image_id(client, mine))
        assert [entry.name for entry in supplied()] == [name]
    finally:
        client.api.remove_image(name, noprune=True)


def test_a_transfer_that_dies_is_given_up(client: DockerClient) -> None:
    need_loopback(client)
    stalled = StalledRegistry()
    with serving(stalled) as address:
        with pytest.raises(SourceFailed, match="nothing came for 1 s"):
            list(pull(client, f"{address}/wbsup-dead", "1", threading.Event(), 1.0))
        assert stalled.begun.is_set()
        assert_hung_up()


def test_whoever_interrupts_a_pull_is_not_kept_waiting(client: DockerClient) -> None:
    need_loopback(client)
    stalled, cancelled = StalledRegistry(), threading.Event()
    with serving(stalled) as address:
        threading.Thread(target=lambda: stalled.begun.wait(20) and cancelled.set()).start()
        with pytest.raises(Interrupted):
            list(pull(client, f"{address}/wbsup-dead", "1", cancelled))
        assert_hung_up()


def assert_hung_up() -> None:
    """No thread is left that waits for the engine."""
    for thread in threading.enumerate():
        if thread.name == PUMP:
            thread.join(5)
            assert not thread.is_alive()


def test_the_ledger_survives_a_full_disk_of_nonsense(home: Path) -> None:
    shutil.rmtree(home / "state", ignore_errors=True)
    (home / "state").mkdir()
    (home / "state" / "supplied.jsonl").write_text(json.dumps({"at": "x"}))
    assert supplied() == []
