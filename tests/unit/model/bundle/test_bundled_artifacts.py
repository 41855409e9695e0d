"""What a bundle has beside images: named in its index, chosen for a machine."""

from __future__ import annotations

import json

import pytest

from helpers.errors import DamagedBundle, InvalidInput
from helpers.model.bundle.bundle_index import BundledImage, artifacts_in, images_in, index_json
from helpers.model.bundle.bundled_artifact import (
    ENGINE_TYPE,
    PACKAGES_TYPE,
    PYTHON,
    BundledArtifact,
    fitting_engine,
    fitting_packages,
)
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.index import Index
from helpers.model.image.platform import Platform

AMD64, ARM64 = Platform.parse("linux/amd64"), Platform.parse("linux/arm64")


def artifact(kind: str, platform: Platform, python: str = "") -> BundledArtifact:
    digest = Digest.of(f"{kind}{platform}{python}".encode())
    annotations = {PYTHON: python} if python else {}
    return BundledArtifact(Descriptor(MANIFEST_TYPES[0], digest, 7, platform, annotations, kind))


IMAGE = BundledImage("app:1", Descriptor(MANIFEST_TYPES[0], Digest.of(b"app"), 3, AMD64))
ENGINE = artifact(ENGINE_TYPE, AMD64)
PACKAGES = artifact(PACKAGES_TYPE, AMD64, "3.13")
ALL = [ENGINE, PACKAGES, artifact(ENGINE_TYPE, ARM64), artifact(PACKAGES_TYPE, ARM64, "3.11")]


def test_an_index_names_both_and_each_reader_finds_its_own() -> None:
    index = index_json([IMAGE], ALL)
    assert images_in(index) == (IMAGE,)
    assert set(artifacts_in(index)) == set(ALL)
    assert index == index_json([IMAGE], reversed(ALL))


def test_it_is_an_index_as_the_oci_has_it() -> None:
    document = json.loads(index_json([IMAGE], [PACKAGES]))
    assert document["manifests"][1] == {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": str(PACKAGES.manifest.digest),
        "size": 7,
        "artifactType": "application/vnd.docker-workbook.python-packages.v1",
        "platform": {"os": "linux", "architecture": "amd64"},
        "annotations": {"docker-workbook.python": "3.13"},
    }
    index = Index.parse("", json.dumps(document).encode())
    assert index.images == (index.manifests[0],), "whoever looks for images passes it over"


def test_artifacts_of_others_are_passed_over() -> None:
    others = artifact("application/vnd.example.sbom.v1", AMD64)
    index = index_json([IMAGE], [others, ENGINE])
    assert artifacts_in(index) == (ENGINE,)
    assert images_in(index) == (IMAGE,)


def test_an_index_without_sense_is_told() -> None:
    with pytest.raises(DamagedBundle, match="makes no sense"):
        artifacts_in(b"{}")


def test_the_one_for_this_machine_is_chosen() -> None:
    assert fitting_engine(ALL, AMD64) == ENGINE
    assert fitting_packages(ALL, AMD64, "3.13") == PACKAGES
    assert fitting_engine([PACKAGES], AMD64) is None
    assert fitting_packages([ENGINE], AMD64, "3.13") is None


def test_what_is_there_and_what_this_is_stand_in_the_refusal() -> None:
    with pytest.raises(InvalidInput, match="has an engine on linux/amd64; this is linux/arm64"):
        fitting_engine([ENGINE, PACKAGES], ARM64)
    with pytest.raises(InvalidInput, match=r"packages for Python 3\.13 on .*Python 3\.12") as error:
        fitting_packages([PACKAGES], AMD64, "3.12")
    assert "--python" in error.value.next_step
