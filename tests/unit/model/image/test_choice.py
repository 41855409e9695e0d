"""Which image is chosen, as containerd's images.Manifest chooses; and documents of strangers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InvalidInput, UnreadableImage, WorkbookError
from helpers.model.image.choice import MOST_DOCUMENTS, ImageChoice
from helpers.model.image.config import platform_in
from helpers.model.image.descriptor import INDEX_TYPES, MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.index import Index
from helpers.model.image.manifest import Manifest, manifest_or_index
from helpers.model.image.platform import Platform
from helpers.outside import visible_text

CONFIG = "application/vnd.oci.image.config.v1+json"
HELM = "application/vnd.cncf.helm.config.v1+json"
AMD64 = Platform("linux", "amd64")


class Store:
    """Documents by digest, as a registry or an archive holds them; it counts what is followed."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.followed = 0

    def put(self, document: Mapping[str, Any]) -> Digest:
        body = json.dumps(document).encode()
        self.blobs[Digest.of(body)] = body
        return Digest.of(body)

    def image(self, platform: str = "", kind: str = CONFIG, layer: str = "") -> Digest:
        keys = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
        config = self.put(keys)
        layers = [Descriptor(layer, config, 1).json()] if layer else None
        return self.put({"config": Descriptor(kind, config, 2).json(), "layers": layers})

    def index(self, *entries: Descriptor) -> Digest:
        return self.put({"manifests": [entry.json() for entry in entries]})

    def follow(self, entry: Descriptor) -> Manifest | Index:
        self.followed += 1
        return manifest_or_index("app:1", self.blobs[entry.digest])

    def chosen(self, top: Digest, platform: Platform | None = AMD64) -> Digest:
        choice = ImageChoice(
            "The store",
            platform,
            self.follow,
            lambda manifest: platform_in(self.blobs[manifest.config.digest]),
        )
        return choice.manifest(manifest_or_index("app:1", self.blobs[top])).digest


def entry(digest: Digest, platform: str = "", kind: str = MANIFEST_TYPES[0]) -> Descriptor:
    return Descriptor(kind, digest, 1, Platform(*platform.split("/")) if platform else None)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.docker.container.image.v1+json",
        "application/octet-stream",
        "application/json",
        "text/html",
        "",
    ],
)
def test_what_docker_takes_for_a_config_is_one(store: Store, kind: str) -> None:
    image = store.image("linux/amd64", kind)
    assert store.chosen(image) == image


@pytest.mark.parametrize(
    "kind",
    [
        HELM,
        "application/vnd.docker.plugin.v1+json",
        "application/vnd.oci.empty.v1+json",
        "application/vnd.wasm.config.v0+json",
        "application/vnd.dev.cosign.artifact.sig.v1+json",
    ],
)
def test_what_is_no_image_is_said_and_drops_out_of_an_index(store: Store, kind: str) -> None:
    chart, image = store.image(kind=kind), store.image("linux/amd64")
    with pytest.raises(InvalidInput, match=f"app:1 is not an image.*{kind.split('+')[0]}"):
        store.chosen(chart)
    assert store.chosen(store.index(entry(chart), entry(image))) == image
    assert store.chosen(store.index(entry(chart, "linux/amd64"), entry(image))) == image
    with pytest.raises(InvalidInput, match="not an image"):
        store.chosen(store.index(entry(chart)))


def test_a_proof_without_a_mark_drops_out(store: Store) -> None:
    proof = store.image("linux/amd64", layer="application/vnd.in-toto+json")
    image = store.image("linux/amd64", layer="application/vnd.oci.image.layer.v1.tar")
    assert store.chosen(store.index(entry(proof, "linux/amd64"), entry(image))) == image


def test_an_image_that_an_index_says_nothing_of_is_asked_for_its_platform(store: Store) -> None:
    arm, intel = store.image("linux/arm64"), store.image("linux/amd64")
    assert store.chosen(store.index(entry(arm), entry(intel))) == intel
    assert store.chosen(store.index(entry(intel), entry(arm))) == intel
    assert store.chosen(store.index(entry(arm), entry(intel)), Platform("linux", "arm64")) == arm
    with pytest.raises(InvalidInput, match="no linux/s390x"):
        store.chosen(store.index(entry(arm), entry(intel)), Platform("linux", "s390x"))
    assert store.chosen(store.index(entry(arm))) == arm, "a single one is nobody's question"


def test_what_is_stated_comes_before_what_is_not(store: Store) -> None:
    silent, stated = store.image("linux/amd64"), store.image("linux/amd64/v1")
    assert store.chosen(store.index(entry(silent), entry(stated, "linux/amd64"))) == stated
    newer = entry(store.image("linux/amd64/v3"), "linux/amd64/v3")
    assert store.chosen(store.index(newer, entry(stated, "linux/x86_64"))) == stated


def test_the_next_index_is_taken_where_one_has_no_such_image(store: Store) -> None:
    arm = store.index(entry(store.image("linux/arm64"), "linux/arm64"))
    image = store.image("linux/amd64")
    intel = store.index(entry(image, "linux/amd64"))
    top = store.index(entry(arm, kind=INDEX_TYPES[0]), entry(intel, kind=INDEX_TYPES[1]))
    assert store.chosen(top) == image
    with pytest.raises(InvalidInput, match=r"no linux/s390x in it; there is linux/arm64"):
        store.chosen(top, Platform("linux", "s390x"))


def test_an_index_of_charts_without_end_is_left(store: Store) -> None:
    chart = store.image(kind=HELM)
    with pytest.raises(InvalidInput):
        store.chosen(store.index(*[entry(chart)] * 1000))
    assert store.followed == MOST_DOCUMENTS


KEYS = st.sampled_from(
    [
        *("manifests", "config", "layers", "digest", "size", "mediaType", "platform", "os"),
        *("architecture", "variant", "annotations", "artifactType", "schemaVersion"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("sha256:" + "0" * 64),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)
DESCRIPTORS = st.fixed_dictionaries(
    {"mediaType": VALUES, "digest": st.just("sha256:" + "0" * 64), "size": st.integers(0, 9)},
    optional={"platform": VALUES, "annotations": VALUES, "artifactType": VALUES},
)
DOCUMENTS = (
    VALUES
    | st.fixed_dictionaries({"manifests": st.lists(DESCRIPTORS | VALUES)})
    | st.fixed_dictionaries({"config": DESCRIPTORS, "layers": st.lists(DESCRIPTORS)})
)


@given(DOCUMENTS, st.none() | st.sampled_from(["a:1", "docker.io/library/a:1"]))
def test_whatever_a_stranger_writes_is_read_shown_and_chosen_from_or_refused(
    document: object, name: str | None
) -> None:
    try:
        read = manifest_or_index("app:1", json.dumps(document).encode())
    except UnreadableImage:
        return
    assert visible_text(repr(read)) == repr(read)
    if isinstance(read, Index):
        with suppress(WorkbookError):
            assert set(read.candidates(name, AMD64)) <= set(read.images)
