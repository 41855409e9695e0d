"""Images that others packed: loaded under their names only where their labels allow it."""

from __future__ import annotations

import io
import json
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from docker.errors import ImageNotFound

from helpers.engine.base.labels import PRIVATE_LABEL, RECIPE
from helpers.engine.bundle.load import load_image
from helpers.engine.supply import sources
from helpers.engine.supply.image_supply import ImageSupply
from helpers.engine.supply.load_bundle import load_bundle
from helpers.engine.supply.own_source import OwnSource
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.vm_tools import recipe_key
from helpers.errors import DamagedBundle, ImageUnavailable, UnreadableImage
from helpers.model.image.config import labels_in
from helpers.model.image.digest import Digest
from helpers.model.supply.catalogue import VM_TOOLS
from helpers.model.supply.supply import Source
from tests.unit import tar_writer
from tests.unit.bundle_kit import SHARED, make_labelled, served

Labels = Mapping[str, str]
KINDS = ["bundle", "archive", "room"]
STAND_IN = {"workbook.stand-in": "Debian 13: busybox-static 1"}
MINE, OLDER = {RECIPE: recipe_key()}, {RECIPE: "0123456789abcdef"}


class Engine:
    """A client of an engine, which has the images that were loaded or made."""

    def __init__(self) -> None:
        self.api = self
        self.there: set[str] = set()
        self.labels: list[str] = []

    def inspect_image(self, name: str) -> dict[str, Any]:
        if name not in self.there:
            raise ImageNotFound(name)
        return {"Id": f"sha256:{name}", "Size": 1}

    def images(self) -> list[dict[str, Any]]:
        return [{"Id": f"sha256:{name}", "RepoTags": [name]} for name in self.there]

    def history(self, name: str) -> list[dict[str, Any]]:
        return [{"Id": name, "Size": 1}]

    def load_image(self, chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
            file = archive.extractfile("manifest.json")
            assert file
            self.there |= {name for one in json.load(file) for name in one["RepoTags"]}
        return iter(())

    def info(self) -> dict[str, Any]:
        return {"ID": "e", "Labels": self.labels}

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": "amd64"}


@pytest.fixture(autouse=True)
def home(cut_off_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("helpers.engine.supply.stand_in_source.can_make", lambda: (False, "no"))
    monkeypatch.setattr(OwnSource, "supply", making)
    return cut_off_home


def making(self: OwnSource, wanted: Wanted) -> str:
    self._client.there.add(wanted.name)
    return "made here"


@pytest.fixture(params=KINDS)
def offered(
    request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Makes one source offer an image of that name and these labels."""
    with ExitStack() as stack:

        def offer(name: str, labels: Labels) -> None:
            path = home / "lessons.tar"
            if request.param == "archive":
                path.write_bytes(saved(name, labels))
            else:
                bundle = make_labelled(path, {name: labels})
            if request.param == "room":
                _, http = stack.enter_context(served(bundle))
                monkeypatch.setenv("WORKBOOK_FROM", f"{http.base}/#{bundle.digest}")
            elif request.param == "bundle":
                monkeypatch.setenv("WORKBOOK_BUNDLE", f"{path}#{bundle.digest}")
            else:
                monkeypatch.setenv("WORKBOOK_BUNDLE", str(path))

        yield offer


def saved(name: str, labels: Labels) -> bytes:
    """An archive of `docker save` with that image."""
    config = tar_writer.config([SHARED], config={"Labels": dict(labels)})
    manifest = [{"Config": "c.json", "RepoTags": [name], "Layers": ["l.tar"]}]
    return tar_writer.layer(
        tar_writer.file(b"c.json", config),
        tar_writer.file(b"l.tar", SHARED),
        tar_writer.file(b"manifest.json", json.dumps(manifest).encode()),
    )


@pytest.mark.parametrize("labels", [OLDER, {}])
def test_vm_tools_of_another_recipe_are_made_here_instead(offered: Any, labels: Labels) -> None:
    """Else they would be thrown away and loaded again each time that a VM is started."""
    offered(VM_TOOLS, labels)
    assert ImageSupply(Engine()).ensure(VM_TOOLS).source is Source.OWN


def test_vm_tools_of_another_recipe_stay_in_a_bundle_that_is_loaded(home: Path) -> None:
    engine: Any = Engine()
    bundle = make_labelled(home / "b.tar", {VM_TOOLS: OLDER, "app:1": {}})
    found = {
        one.name: one for one in load_bundle(engine, bundle.path, lambda _: None, bundle.digest)
    }
    assert engine.there == {"app:1"}
    assert found["app:1"].source is Source.BUNDLE
    assert found[VM_TOOLS].note.startswith("left out: its image was made by another version")


def test_vm_tools_of_this_recipe_are_taken(offered: Any) -> None:
    offered(VM_TOOLS, MINE)
    assert ImageSupply(Engine()).ensure(VM_TOOLS).source in (Source.BUNDLE, Source.SERVER)


def test_why_vm_tools_are_not_taken_is_told(offered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: OwnSource, wanted: Wanted) -> str:
        raise sources.SourceFailed("no network")

    monkeypatch.setattr(OwnSource, "supply", failing)
    offered(VM_TOOLS, OLDER)
    with pytest.raises(ImageUnavailable, match="made by another version of the workbook"):
        ImageSupply(Engine()).ensure(VM_TOOLS)


def test_a_stand_in_of_others_takes_no_official_name_unasked(offered: Any) -> None:
    engine = Engine()
    offered("busybox:1.37", STAND_IN)
    with pytest.raises(ImageUnavailable, match="its image is a stand-in, not allowed") as caught:
        ImageSupply(engine).ensure("docker.io/library/busybox:1.37")
    assert "--allow-stand-ins" in caught.value.next_step
    assert not engine.there


@pytest.mark.parametrize("by", ["argument", "variable", "private engine"])
def test_a_stand_in_of_others_is_taken_where_it_may_and_says_so(
    offered: Any, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    engine = Engine()
    if by == "variable":
        monkeypatch.setenv("WORKBOOK_ALLOW_STAND_INS", "1")
    if by == "private engine":
        engine.labels = [PRIVATE_LABEL]
    offered("busybox:1.37", STAND_IN)
    found = ImageSupply(engine, allow_stand_ins=True if by == "argument" else None).ensure(
        "busybox:1.37"
    )
    assert found.note.startswith("from ")
    assert found.note.endswith("; a stand-in, not the official image")


@pytest.mark.parametrize(("name", "labels"), [("app:1", STAND_IN), ("busybox:1.37", {})])
def test_official_images_and_what_is_built_on_a_stand_in_need_no_consent(
    offered: Any, name: str, labels: Labels
) -> None:
    offered(name, labels)
    assert "stand-in" not in ImageSupply(Engine()).ensure(name).note


def test_a_bundle_with_stand_ins_is_loaded_only_where_they_are_allowed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, engine = home / "lessons.tar", Engine()
    bundle = make_labelled(path, {"app:1": {}, "busybox:1.37": STAND_IN, "registry:3": STAND_IN})
    engine.there.add("registry:3")
    with pytest.raises(
        ImageUnavailable, match=r"not the official images, for busybox:1.37\."
    ) as no:
        load_bundle(engine, path, lambda _: None, bundle.digest)
    assert "--allow-stand-ins" in no.value.next_step
    assert engine.there == {"registry:3"}
    monkeypatch.setenv("WORKBOOK_ALLOW_STAND_INS", "1")
    notes = {one.name: one.note for one in load_bundle(engine, path, lambda _: None, bundle.digest)}
    assert notes["app:1"] == "from lessons.tar"
    assert notes["busybox:1.37"] == "from lessons.tar; a stand-in, not the official image"


def test_the_layers_of_what_is_not_taken_are_not_fetched_from_a_room(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = make_labelled(home / "lessons.tar", {VM_TOOLS: OLDER})
    with served(bundle) as (server, http):
        monkeypatch.setenv("WORKBOOK_FROM", f"{http.base}/#{bundle.digest}")
        ImageSupply(Engine()).ensure(VM_TOOLS)
        deadline = time.monotonic() + 10  # it counts after it has sent
        while not server.served_bytes and time.monotonic() < deadline:
            time.sleep(0.01)
        assert 0 < server.served_bytes < 10_000


@pytest.mark.parametrize("diff_ids", [None, [], 7, ["a"], ["a", "b", "c"]])
def test_a_config_that_does_not_name_the_layers_is_damage(
    home: Path, monkeypatch: pytest.MonkeyPatch, diff_ids: object
) -> None:
    monkeypatch.setattr(
        tar_writer,
        "config",
        lambda *_, **__: json.dumps({"rootfs": {"diff_ids": diff_ids}}).encode(),
    )
    bundle = make_labelled(home / "lessons.tar", {"app:1": {}})
    with pytest.raises(DamagedBundle, match="config of app:1 does not name its layers"):
        load_image(Engine(), "app:1", bundle.manifest(bundle.images[0]), bundle, lambda *_: None)


@pytest.mark.parametrize("layer", [0, 1])
def test_a_layer_that_unpacks_to_other_bytes_than_its_diff_id_is_not_loaded(
    home: Path, monkeypatch: pytest.MonkeyPatch, layer: int
) -> None:
    config = tar_writer.config

    def with_a_wrong_diff_id(layers: Sequence[bytes], **more: Any) -> bytes:
        document = json.loads(config(layers, **more))
        document["rootfs"]["diff_ids"][layer] = Digest.of(b"other bytes")
        return json.dumps(document).encode()

    monkeypatch.setattr(tar_writer, "config", with_a_wrong_diff_id)
    bundle, engine = make_labelled(home / "lessons.tar", {"app:1": {}}), Engine()
    with pytest.raises(DamagedBundle, match="A layer is not what its image says"):
        load_image(engine, "app:1", bundle.manifest(bundle.images[0]), bundle, lambda *_: None)
    assert not engine.there


def test_labels_of_configs() -> None:
    assert labels_in(b'{"config": {"Labels": {"a": "b"}}}') == {"a": "b"}
    for config in (b"{}", b'{"config": null}', b'{"config": {"Labels": null}}'):
        assert labels_in(config) == {}
    for config in (b"", b"[]", b"7", b'{"config": []}  x', b'{"config": {"Labels": 7}}', b"\xff"):
        with pytest.raises(UnreadableImage):
            labels_in(config)
