"""Engines and Python packages, put into a bundle: one manifest for each, its files as blobs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from helpers.engine.bundle.blobs import stretch
from helpers.engine.bundle.writer import BundleWriter
from helpers.model.bundle.bundled_artifact import (
    ENGINE_TYPE,
    PACKAGES_TYPE,
    PYTHON,
    REQUIREMENTS,
    TITLE,
    BundledArtifact,
)
from helpers.model.bundle.wheel_target import WheelTarget
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.platform import Platform

_TREE = "application/vnd.docker-workbook.engine.tree.v1.tar+gzip"
_TREE_RECORD = "application/vnd.docker-workbook.engine.record.v1+json"
_WHEEL = "application/vnd.docker-workbook.wheel.v1+zip"
_EMPTY = "application/vnd.oci.empty.v1+json"


def add_packages(
    bundle: BundleWriter, wheels: Iterable[Path], target: WheelTarget, requirements: str
) -> BundledArtifact:
    """The packages for that target, now in the bundle; a wheel that several have is there once.

    `requirements` is the SHA-256 of the lock that they were taken from.
    """
    layers = [_wheel(bundle, path) for path in wheels]
    annotations = {PYTHON: target.python, REQUIREMENTS: requirements}
    config = replace(bundle.add([b"{}"]), media_type=_EMPTY)
    return _added(bundle, PACKAGES_TYPE, config, layers, target.platform, annotations)


def add_engine(
    bundle: BundleWriter, record: bytes, tree: Iterable[bytes], platform: Platform
) -> BundledArtifact:
    """The engine of that tree of programs, now in the bundle; `record` says what the tree has."""
    config = replace(bundle.add([record]), media_type=_TREE_RECORD)
    layer = replace(bundle.add(tree), media_type=_TREE, annotations={TITLE: "usr.tar.gz"})
    return _added(bundle, ENGINE_TYPE, config, [layer], platform, {})


def _wheel(bundle: BundleWriter, path: Path) -> Descriptor:
    added = bundle.add(stretch(path, 0, path.stat().st_size))
    return replace(added, media_type=_WHEEL, annotations={TITLE: path.name})


def _added(
    bundle: BundleWriter,
    kind: str,
    config: Descriptor,
    layers: Iterable[Descriptor],
    platform: Platform,
    annotations: Mapping[str, str],
) -> BundledArtifact:
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPES[0],
        "artifactType": kind,
        "config": config.json(),
        "layers": [layer.json() for layer in layers],
    }
    body = bundle.add([json.dumps(document, indent=1).encode()])
    return BundledArtifact(
        Descriptor(
            MANIFEST_TYPES[0], body.digest, body.size_bytes, platform, dict(annotations), kind
        )
    )
