"""Images in containerd's store: blobs by their digests, layers as snapshots of its overlay driver.

Source: github.com/containerd/containerd (plugins/snapshots/overlay, core/snapshots/storage/bolt.go,
core/metadata/snapshot.go) and the OCI image specification (config.md, Layer ChainID).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

from helpers.engine.archive.member_path import text_of
from helpers.engine.layers.bolt_file import Bucket, read_bolt
from helpers.engine.layers.layer_folder import LayerFolder
from helpers.engine.layers.layer_storage import LayerStorage
from helpers.model.image.digest import Digest
from helpers.model.image.manifest import Manifest, manifest_or_index
from helpers.model.image.platform import Platform
from helpers.model.text.answer_parts import lists_of, text_in, texts_of

_STORE = ["driver-type", "io.containerd.snapshotter.v1"]
_DRIVER = "overlayfs"
_SNAPSHOTS = "io.containerd.snapshotter.v1.overlayfs"
_BLOBS = "io.containerd.content.v1.content/blobs"
# Of a containerd that the engine starts, below its own data; of one that runs by itself.
_OWN, _SYSTEMS = "containerd/daemon", Path("/var/lib/containerd")
_NAMESPACE = "moby"
_COMMITTED = b"\x03"
_MOST_INDEXES = 4
_MOST_DOCUMENT_BYTES = 16 << 20


def containerd_storage(
    inspected: Mapping[str, Any], info: Mapping[str, Any]
) -> LayerStorage | None:
    """An image's layers in containerd's store; None for another store, or where one is not there.

    Raises OSError where the list of snapshots cannot be read.
    """
    if text_in(info, "Driver") != _DRIVER or _STORE not in lists_of(info, "DriverStatus"):
        return None
    chain_ids = tuple(chain_ids_of(texts_of(inspected, "RootFS", "Layers")))
    namespace = text_in(info, "Containerd", "Namespaces", "Containers") or _NAMESPACE
    for root in (Path("/", text_in(info, "DockerRootDir"), _OWN), _SYSTEMS):
        snapshots = _snapshots(root / _SNAPSHOTS, namespace, frozenset(chain_ids))
        if snapshots.keys() >= set(chain_ids):
            paths = [snapshots[chain_id] for chain_id in chain_ids]
            folders = (
                LayerFolder(path, tuple(reversed(paths[:index])))
                for index, path in enumerate(paths)
            )
            return LayerStorage(tuple(folders), partial(_config, root / _BLOBS, inspected))
    return None


def chain_ids_of(diff_ids: Sequence[str]) -> Iterator[str]:
    """The name of each layer together with all below it, lowest first."""
    return accumulate(
        diff_ids, lambda below, own: f"sha256:{sha256(f'{below} {own}'.encode()).hexdigest()}"
    )


def _snapshots(folder: Path, namespace: str, chain_ids: frozenset[str]) -> dict[str, Path]:
    """{chain-id: its directory} of those snapshots that are here and finished."""
    database = folder / "metadata.db"
    if not database.is_file():
        return {}
    prefix = f"{namespace}/".encode()
    end = len(prefix)

    def numbers(root: Bucket) -> dict[str, int]:
        snapshots = root.at(b"v1", b"snapshots")
        rows = snapshots.items() if isinstance(snapshots, Bucket) else ()
        chains = (
            (text_of(key.rpartition(b"/")[2]), row) for key, row in rows if key[:end] == prefix
        )
        return {
            name: number for name, row in chains if name in chain_ids and (number := _number(row))
        }

    return {
        name: folder / "snapshots" / str(number) / "fs"
        for name, number in read_bolt(database, numbers).items()
    }


def _number(row: bytes | Bucket) -> int | None:
    """The number of a snapshot, which its directory has; None where it is not finished.

    It is kept as Go's encoding/binary writes it: seven bits a byte, the lowest first.
    """
    if not isinstance(row, Bucket):
        return None
    values = dict(row.items())
    number = values.get(b"id")
    if values.get(b"kind") != _COMMITTED or not isinstance(number, bytes):
        return None
    return sum((byte & 0x7F) << 7 * index for index, byte in enumerate(number[:9]))


def _config(blobs: Path, inspected: Mapping[str, Any]) -> bytes:
    """The config of the image, by the manifest or the index that its ID names.

    Raises OSError, ValueError or the errors of the model where they make no sense.
    """
    diff_ids, platform = texts_of(inspected, "RootFS", "Layers"), Platform.described(inspected)
    digest = Digest(text_in(inspected, "Id"))
    for _ in range(_MOST_INDEXES):
        document = manifest_or_index("", _blob(blobs, digest))
        if isinstance(document, Manifest):
            config = _blob(blobs, document.config.digest)
            if texts_of(json.loads(config), "rootfs", "diff_ids") != diff_ids:
                raise ValueError("the config is another platform's")
            return config
        digest = document.pick(platform=platform).digest
    raise ValueError("the indexes lead to no image")


def _blob(blobs: Path, digest: Digest) -> bytes:
    """A document of the store; raises ValueError where it is another one, or endless."""
    with (blobs / digest.algorithm / digest.hex).open("rb") as file:
        body = file.read(_MOST_DOCUMENT_BYTES)
    if Digest.of(body, digest.algorithm) != digest:
        raise ValueError("the blob is damaged")
    return body
