"""The room's server as a source: what it gives is bounded, checked, and fetched in turns."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.bundle import resumed_fetch
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.supply import served_bundle, served_index
from helpers.engine.supply.served_bundle import ServedBundle, fetched
from helpers.errors import Interrupted, RegistryGone, WrongDigest
from helpers.model.supply.supply import SupplyProgress
from tests.unit.bundle_kit import digest, make, served, wanted


@pytest.fixture
def bundle(tmp_path: Path) -> BundleFile:
    return make(tmp_path / "lessons.tar")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and no pauses between tries."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(resumed_fetch, "_PAUSE_SECONDS", 0)
    return tmp_path


def test_the_room_goes_on_where_the_network_broke_off(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def flaky(self: RegistryHttp, repository: str, digest: str, start: int = 0) -> Iterator[bytes]:
        asked.append(start)
        content = b"".join(plain(self, repository, digest, start))
        yield content[:10_000]
        if len(content) > 10_000:
            raise RegistryGone("broke off")

    plain = RegistryHttp.blob
    monkeypatch.setattr(RegistryHttp, "blob", flaky)
    told: list[SupplyProgress] = []
    with served(bundle) as (_, http):
        manifest = bundle.manifest(bundle.images[0])
        folder = fetched(http, "library/app", manifest, wanted("app:1", told))
        for blob in manifest.blobs:
            assert digest((folder / blob.digest[7:]).read_bytes()) == blob.digest
        assert [start for start in asked if start] == [10_000, 20_000, 30_000, 40_000, 50_000]
        count = len(asked)
        fetched(http, "library/app", manifest, wanted("app:1", told))
        assert len(asked) == count
    assert told[-1].done_bytes == told[-1].total_bytes == manifest.size_bytes


def test_a_room_that_is_gone_is_given_up(bundle: BundleFile) -> None:
    manifest = bundle.manifest(bundle.images[0])
    with pytest.raises(RegistryGone, match="cannot be reached"):
        fetched(RegistryHttp("localhost:1"), "library/app", manifest, wanted("app:1", []))


def test_an_address_at_which_nothing_is_served_is_refused_at_once() -> None:
    with pytest.raises(RegistryGone, match=r"No images are served at http://localhost:1") as caught:
        served_index.reached_server("localhost:1")
    assert "workbook serve" in caught.value.next_step


def test_a_server_that_gives_more_than_a_blobs_size_is_not_listened_to(
    bundle: BundleFile, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []

    def endless(
        self: RegistryHttp, repository: str, digest: str, start: int = 0
    ) -> Iterator[bytes]:
        while len(given) < 100:
            given.append(start)
            yield bytes(30_000)

    monkeypatch.setattr(RegistryHttp, "blob", endless)
    manifest = bundle.manifest(bundle.images[0])
    with pytest.raises(WrongDigest, match="more came of a blob"):
        fetched(RegistryHttp("localhost:1"), "library/app", manifest, wanted("app:1", []))
    assert len(given) == 1
    assert sum(part.stat().st_size for part in home.rglob("*.part")) == 0


def test_a_blob_is_fetched_anew_where_the_server_gives_no_parts(
    bundle: BundleFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[int] = []

    def whole(self: RegistryHttp, repository: str, digest: str, start: int = 0) -> Iterator[bytes]:
        starts.append(start)
        if start:
            raise ValueError("no parts")
        content = b"".join(bundle.chunks(digest))
        yield content[: len(content) // 2]
        if starts.count(0) == 1:
            raise RegistryGone("broke off")
        yield content[len(content) // 2 :]

    monkeypatch.setattr(RegistryHttp, "blob", whole)
    manifest = bundle.manifest(bundle.images[0])
    folder = fetched(RegistryHttp("localhost:1"), "library/app", manifest, wanted("app:1", []))
    assert any(starts)
    for blob in manifest.blobs:
        assert digest((folder / blob.digest[7:]).read_bytes()) == blob.digest


class Engine:
    """As much of a client as the room asks."""

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": "amd64"}


def test_two_workbooks_take_turns_at_what_is_fetched(
    bundle: BundleFile, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one waits until the first has loaded it and removed the folder."""
    tried: list[type[BaseException]] = []
    impatient = threading.Event()
    impatient.set()

    def load(client: object, name: str, manifest: object, *_: object) -> str:
        assert list((home / "cache" / "served").iterdir())
        with pytest.raises(Interrupted) as caught, served_bundle.turn(manifest, impatient):
            pass
        tried.append(caught.type)
        return ""

    monkeypatch.setattr(served_bundle, "load_trusted", load)
    with served(bundle) as (_, http):
        note = ServedBundle(Engine(), f"{http.base}/#{bundle.digest}", False).supply(
            wanted("app:1", [])
        )
    assert note == f"from {http.base}"
    assert tried == [Interrupted]
    assert not list((home / "cache" / "served").iterdir())
    with served_bundle.turn(bundle.manifest(bundle.images[0]), impatient):
        pass
