"""What the tests of bundles share: hand-made ones, served or not."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import zstandard

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.server import BundleServer
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.supply.sources import Wanted
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import SupplyProgress
from tests.unit import tar_writer

SHARED = tar_writer.layer(tar_writer.file(b"shared", random.Random(1).randbytes(50_000)))
LAYERS = {
    "app:1": [SHARED, tar_writer.layer(tar_writer.file(b"one", b"1" * 9000))],
    "app:2": [SHARED, tar_writer.layer(tar_writer.file(b"two", b"2" * 9000))],
}


def digest(content: bytes) -> Digest:
    return Digest.of(content)


Labels = Mapping[str, str]


def add(
    writer: BundleWriter, name: str, platform: str = "linux/amd64", labels: Labels | None = None
) -> BundledImage:
    """A hand-made image in the bundle."""
    layers = LAYERS.get(name) or [SHARED]
    architecture = platform.split("/")[1]
    config = tar_writer.config(
        layers, architecture=architecture, config={"Labels": dict(labels)} if labels else {}
    )
    added = [writer.add([zstandard.ZstdCompressor().compress(layer)], None) for layer in layers]
    kind = "application/vnd.oci.image.layer.v1.tar+zstd"
    document = {
        "mediaType": MANIFEST_TYPES[0],
        "config": Descriptor(
            "application/vnd.oci.image.config.v1+json", digest(config), len(config)
        ).json(),
        "layers": [Descriptor(kind, one.digest, one.size_bytes).json() for one in added],
    }
    writer.add([config])
    body = json.dumps(document).encode()
    writer.add([body])
    made_for = Platform.parse(platform)
    return BundledImage(name, Descriptor(MANIFEST_TYPES[0], digest(body), len(body), made_for))


def make(path: Path) -> BundleFile:
    with BundleWriter(path) as writer:
        writer.finish([add(writer, name) for name in LAYERS])
    return BundleFile(path)


def make_labelled(path: Path, images: Mapping[str, Labels]) -> BundleFile:
    """A bundle of images with these labels."""
    with BundleWriter(path) as writer:
        writer.finish([add(writer, name, labels=labels) for name, labels in images.items()])
    return BundleFile(path)


@contextmanager
def served(bundle: BundleFile) -> Iterator[tuple[BundleServer, RegistryHttp]]:
    with BundleServer(bundle, 0, "127.0.0.1") as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        http = RegistryHttp(f"localhost:{server.server_port}")
        try:
            yield server, http
        finally:
            http._session.close()
            server.shutdown()


def wanted(name: str, told: list[SupplyProgress]) -> Wanted:
    return Wanted(ImageReference.parse(name), threading.Event(), told.append)
