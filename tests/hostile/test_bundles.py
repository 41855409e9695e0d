"""A server in the room, or a bundle, of somebody else's: it gets no name of an image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.labels import RECIPE, STAND_IN
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.noted_indexes import note_index
from helpers.engine.supply.image_supply import ImageSupply
from helpers.engine.supply.load_bundle import load_bundle
from helpers.engine.supply.own_source import OwnSource
from helpers.engine.supply.served_index import reached_server
from helpers.engine.supply.vm_tools import recipe_key
from helpers.errors import DamagedBundle, ImageUnavailable, WrongDigest
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.supply.catalogue import VM_TOOLS
from tests.hostile.server import Asked, Reply, hostile_server
from tests.unit.bundle_kit import make_labelled, served
from tests.unit.conftest import cut_off_home
from tests.unit.engine.supply.test_accepted import Engine

__all__ = ["cut_off_home"]
OFFICIAL = "python:3.13-slim"
pytestmark = pytest.mark.usefixtures("alone")
LABELS: list[dict[str, str]] = [{}, {STAND_IN: "Debian"}, {RECIPE: recipe_key()}]


@pytest.fixture
def alone(cut_off_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other source than the stranger's."""
    monkeypatch.setattr("helpers.engine.supply.stand_in_source.can_make", lambda: (False, "no"))
    monkeypatch.delattr(OwnSource, "supply")


@pytest.fixture
def mine(tmp_path: Path) -> BundleFile:
    """The instructor's."""
    return make_labelled(tmp_path / "mine.tar", {OFFICIAL: {"by": "the instructor"}})


def strange(tmp_path: Path, name: str = OFFICIAL, labels: Any = None) -> BundleFile:
    return make_labelled(tmp_path / "strange.tar", {name: labels or {}})


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("allows_stand_ins", [False, True])
@pytest.mark.parametrize("name", [OFFICIAL, "ada/app:1", VM_TOOLS])
def test_a_server_without_a_digest_gets_no_name_whatever_its_labels_say(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    labels: dict[str, str],
    allows_stand_ins: bool,
) -> None:
    engine = Engine()
    with served(strange(tmp_path, name, labels)) as (server, http):
        monkeypatch.setenv("WORKBOOK_FROM", http.base)
        monkeypatch.setattr(OwnSource, "supply", _nothing, raising=False)
        with pytest.raises(ImageUnavailable, match="Ask your instructor for the whole address"):
            ImageSupply(engine, allow_stand_ins=allows_stand_ins).ensure(name)
        assert server.served_bytes == 0
    assert not engine.there


def _nothing(self: OwnSource, wanted: object) -> str:
    from helpers.engine.supply.source_failed import SourceFailed

    raise SourceFailed("no network")


@pytest.mark.parametrize("spelled", [str, lambda digest: digest.words])
def test_another_server_at_the_instructors_address_gets_no_name(
    tmp_path: Path, mine: BundleFile, monkeypatch: pytest.MonkeyPatch, spelled: Any
) -> None:
    engine = Engine()
    with served(strange(tmp_path)) as (server, http):
        address = f"{http.base}/#{spelled(mine.digest)}"
        with pytest.raises(WrongDigest, match="not those that your instructor's address names"):
            reached_server(address)
        monkeypatch.setenv("WORKBOOK_FROM", address)
        with pytest.raises(ImageUnavailable, match="not those that your instructor's address"):
            ImageSupply(engine, allow_stand_ins=True).ensure(OFFICIAL)
        assert server.served_bytes == 0
    assert not engine.there


@pytest.mark.parametrize("changed", ["manifest", "config", "layer"])
def test_whoever_sits_between_changes_nothing_unseen(
    mine: BundleFile, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """The index is the instructor's, and one thing that it leads to is not."""
    engine, manifest = Engine(), mine.manifest(mine.images[0])
    victim = {"manifest": manifest.digest, "config": manifest.config.digest}
    target = victim.get(changed, manifest.layers[0].digest)

    def reply(asked: Asked) -> Reply:
        digest = asked.path.rpartition("/")[2]
        if asked.path == "/index.json":
            body = mine.index
        elif not mine.has(digest):
            return Reply(404, {"Content-Length": "0"})
        else:
            body = b"".join(mine.chunks(digest))
        if digest == target:
            body = body[:-1] + bytes([body[-1] ^ 1])
        headers = {"Content-Length": str(len(body)), "Docker-Content-Digest": digest}
        return Reply(200, headers | {"Content-Type": manifest.media_type}, [body])

    with hostile_server(reply) as server:
        monkeypatch.setenv("WORKBOOK_FROM", f"{server.address}/#{mine.digest}")
        with pytest.raises(ImageUnavailable, match="other bytes"):
            ImageSupply(engine).ensure(OFFICIAL)
    assert not engine.there


def test_an_image_that_the_index_does_not_name_is_not_asked_for(
    mine: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(mine) as (server, http):
        monkeypatch.setenv("WORKBOOK_FROM", f"{http.base}/#{mine.digest}")
        with pytest.raises(ImageUnavailable, match="does not have it"):
            ImageSupply(Engine()).ensure("busybox:1.37")
        assert server.served_bytes == 0


def test_the_instructors_images_come(mine: BundleFile, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    with served(mine) as (_, http):
        monkeypatch.setenv("WORKBOOK_FROM", f"{http.base}/#{mine.digest.words}")
        assert ImageSupply(engine).ensure(OFFICIAL).note == f"from {http.base}"
    assert engine.there == {OFFICIAL}


def test_a_bundle_of_a_stranger_gets_no_name(
    tmp_path: Path, mine: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, bundle = Engine(), strange(tmp_path)
    with pytest.raises(ImageUnavailable, match=r"Nothing vouches for strange\.tar") as caught:
        load_bundle(engine, bundle.path, lambda _: None)
    assert "--sha256" in caught.value.next_step
    with pytest.raises(DamagedBundle, match="another bundle than its SHA-256 says"):
        load_bundle(engine, bundle.path, lambda _: None, mine.digest)
    for setting in (str(bundle.path), f"{bundle.path}#{mine.digest.words}"):
        monkeypatch.setenv("WORKBOOK_BUNDLE", setting)
        with pytest.raises(ImageUnavailable, match=r"vouches for it|another bundle"):
            ImageSupply(engine, allow_stand_ins=True).ensure(OFFICIAL)
    assert not engine.there


def test_a_bundle_that_was_vouched_for_once_or_saved_here_is_known(
    mine: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_bundle(Engine(), mine.path, lambda _: None, IndexDigest.parse(mine.digest.words))
    monkeypatch.setenv("WORKBOOK_BUNDLE", str(mine.path))
    assert ImageSupply(Engine()).ensure(OFFICIAL).note == "from mine.tar"
    note_index(mine.index)
    assert load_bundle(Engine(), mine.path, lambda _: None)[0].note == "from mine.tar"
