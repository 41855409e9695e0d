"""Images in containerd's store, by its files alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.layers import containerd_store, storage
from helpers.engine.layers.containerd_store import chain_ids_of
from helpers.engine.layers.layer_folder import LayerFolder
from helpers.engine.layers.layer_storage import LayerStorage
from helpers.engine.layers.storage import storage_of
from tests.unit.engine.layers.bolt_writer import BoltWriter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="overlay file systems are Linux's")
DIFF_IDS = tuple(f"sha256:{digit * 64}" for digit in "123")
# As sha256sum works them out of "chain-id diff-id".
CHAIN_IDS = (
    DIFF_IDS[0],
    "sha256:9932074217c35353d2e03a3f5a86549f7c67bfeb0ba53e23d69f4d4c8f7958f5",
    "sha256:50127c0d6b338be78246434b4bce23ecf75e505158ea0bbd15effeb162fbf3ec",
)
DRIVER = "io.containerd.snapshotter.v1"
COMMITTED, ACTIVE = b"\x03", b"\x02"
CONFIG = {
    "rootfs": {"type": "layers", "diff_ids": list(DIFF_IDS)},
    "history": [{"created_by": "ADD a"}, {"created_by": "ENV b", "empty_layer": True}],
}
AMD64, ARM64 = ({"os": "linux", "architecture": name} for name in ("amd64", "arm64"))


class Store:
    """A containerd's data, as an engine has it that starts containerd itself."""

    def __init__(self, root: Path) -> None:
        self.docker_root = root
        self.root = root / "containerd" / "daemon"
        self.snapshots = self.root / f"{DRIVER}.overlayfs"
        self.blobs = self.root / "io.containerd.content.v1.content" / "blobs" / "sha256"
        self.blobs.mkdir(parents=True)

    def keep(self, rows: Mapping[str, tuple[bytes, int]]) -> None:
        """These snapshots: {key: kind, number}, with directories."""
        tree = {
            key.encode(): {b"kind": kind, b"id": varint(number), b"createdat": b"\x01"}
            for key, (kind, number) in rows.items()
        }
        for _, number in rows.values():
            (self.snapshots / "snapshots" / str(number) / "fs").mkdir(parents=True, exist_ok=True)
        data = BoltWriter().file({b"v1": {b"snapshots": tree, b"parents": {}}})
        (self.snapshots / "metadata.db").write_bytes(data)

    def blob(self, document: Any, media_type: str, **more: Any) -> dict[str, Any]:
        """The descriptor of a document that is then in the store."""
        body = json.dumps(document).encode()
        name = sha256(body).hexdigest()
        (self.blobs / name).write_bytes(body)
        return {"mediaType": media_type, "digest": f"sha256:{name}", "size": len(body), **more}

    def manifest(self, config: Any, **more: Any) -> dict[str, Any]:
        document = {"schemaVersion": 2, "config": self.blob(config, "config"), "layers": []}
        return self.blob(document, "application/vnd.oci.image.manifest.v1+json", **more)

    def index(self, *manifests: Any) -> dict[str, Any]:
        document = {"schemaVersion": 2, "manifests": list(manifests)}
        return self.blob(document, "application/vnd.oci.image.index.v1+json")

    def of(self, image: Mapping[str, Any] | None = None, **info: Any) -> LayerStorage | None:
        inspected = {"Id": (image or {}).get("digest", DIFF_IDS[0]), "Os": "linux",
                     "Architecture": "amd64", "RootFS": {"Layers": list(DIFF_IDS)},
                     "GraphDriver": {"Name": "overlayfs", "Data": None}}  # fmt: skip
        said = {"Driver": "overlayfs", "DriverStatus": [["driver-type", DRIVER]],
                "DockerRootDir": str(self.docker_root)}  # fmt: skip
        return storage_of(inspected, lambda: said | info)


def varint(number: int) -> bytes:
    """As Go's binary.PutUvarint: 300 is ac 02."""
    made = b""
    while number > 127:
        made += bytes([number & 127 | 128])
        number >>= 7
    return made + bytes([number])


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(storage, "may_read_marks", lambda: True)
    monkeypatch.setattr(containerd_store, "_SYSTEMS", tmp_path / "systems")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "docker")


def rows(namespace: str = "moby", first: int = 127) -> dict[str, tuple[bytes, int]]:
    return {
        f"{namespace}/{place + 2}/{chain_id}": (COMMITTED, first + place * 173)
        for place, chain_id in enumerate(CHAIN_IDS)
    }


def test_a_layer_with_all_below_it_has_a_name() -> None:
    assert tuple(chain_ids_of(DIFF_IDS)) == CHAIN_IDS
    assert tuple(chain_ids_of(())) == ()


def test_each_layer_is_the_snapshot_of_its_chain(store: Store) -> None:
    assert varint(300) == b"\xac\x02"
    store.keep({"moby/1/sha256:" + "f" * 64: (COMMITTED, 1), "moby/9/k": (ACTIVE, 9)} | rows())
    found = store.of()
    assert found is not None
    paths = [store.snapshots / "snapshots" / str(number) / "fs" for number in (127, 300, 473)]
    assert found.folders == (
        LayerFolder(paths[0], ()),
        LayerFolder(paths[1], (paths[0],)),
        LayerFolder(paths[2], (paths[1], paths[0])),
    )


def test_a_containerd_that_runs_by_itself_is_looked_at(store: Store, tmp_path: Path) -> None:
    store.keep(rows())
    (tmp_path / "systems").symlink_to(store.root)
    assert store.of(DockerRootDir="/nowhere")
    assert store.of(DockerRootDir=None)


def test_what_is_not_all_there_is_none(store: Store) -> None:
    assert store.of() is None
    store.keep(rows())
    assert store.of()
    assert store.of(Driver="stargz") is None
    assert store.of(DriverStatus=[["Native Overlay Diff", "true"]]) is None
    assert store.of(DriverStatus=None) is None
    for key in rows():
        store.keep({name: row for name, row in rows().items() if name != key})
        assert store.of() is None
        store.keep(rows() | {key: (ACTIVE, 127)})
        assert store.of() is None


def test_what_has_no_directory_is_none(store: Store) -> None:
    store.keep(rows())
    (store.snapshots / "snapshots" / "300" / "fs").rmdir()
    assert store.of() is None


def test_another_namespace_is_not_the_engines(store: Store) -> None:
    store.keep(rows("moby2") | rows("k8s.io"))
    assert store.of() is None
    assert store.of(Containerd={"Namespaces": {"Containers": "k8s.io"}})


def test_a_damaged_list_is_none(store: Store) -> None:
    store.keep(rows())
    (store.snapshots / "metadata.db").write_bytes(b"x" * 100_000)
    assert store.of() is None


def history(store: Store, image: Mapping[str, Any]) -> list[str] | None:
    found = store.of(image)
    assert found is not None
    steps = found.history()
    return None if steps is None else [step.created_by for step in steps]


def test_the_history_is_that_of_the_config(store: Store) -> None:
    store.keep(rows())
    others = CONFIG | {"rootfs": {"diff_ids": []}, "history": [{"created_by": "others"}]}
    mine, other = store.manifest(CONFIG, platform=AMD64), store.manifest(others, platform=ARM64)
    assert history(store, mine) == ["ADD a", "ENV b"]
    assert history(store, store.index(other, mine)) == ["ADD a", "ENV b"]
    assert history(store, store.index(other, store.index(mine))) == ["ADD a", "ENV b"]


def test_a_config_that_is_not_this_images_is_not_taken(store: Store) -> None:
    store.keep(rows())
    other = store.manifest(CONFIG | {"rootfs": {"diff_ids": list(DIFF_IDS[:2])}}, platform=AMD64)
    changed = store.manifest(CONFIG | {"history": []}, platform=AMD64)
    (store.blobs / changed["digest"][7:]).write_bytes(b"{}")
    for image in (
        other,
        changed,
        store.index(store.manifest(CONFIG, platform=ARM64)),
        store.index(),
        store.manifest([]),
        store.blob([], "application/vnd.oci.image.manifest.v1+json"),
        {"digest": "sha256:../../x"},
        {"digest": "sha256:" + "9" * 64},
    ):
        assert history(store, image) is None
