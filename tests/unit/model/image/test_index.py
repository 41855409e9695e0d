"""Which manifest of an index is taken for a name and a platform."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.descriptor import INDEX_TYPES, MANIFEST_TYPES
from helpers.model.image.digest import Digest
from helpers.model.image.index import Index
from helpers.model.image.platform import Platform

FULL, TAG = "io.containerd.image.name", "org.opencontainers.image.ref.name"
BREAD = "docker.io/library/bread:1.0"


def entry(
    body: bytes, platform: str = "", full: str = "", tag: str = "", **more: Any
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "mediaType": MANIFEST_TYPES[0], "digest": Digest.of(body), "size": len(body),
    }  # fmt: skip
    if platform:
        keys = ("os", "architecture", "variant")
        said["platform"] = dict(zip(keys, platform.split("/"), strict=False))
    said["annotations"] = {key: value for key, value in ((FULL, full), (TAG, tag)) if value}
    return {**said, **more}


def index(*entries: dict[str, Any]) -> Index:
    return Index.parse("app:1", json.dumps({"manifests": entries}).encode())


def picked(found: Index, name: str | None = None, platform: str | None = None) -> str:
    """The digest of what is picked."""
    return found.pick(name, Platform.parse(platform) if platform else None).digest


def test_the_platform_that_suits_best_is_taken() -> None:
    found = index(
        entry(b"386", "linux/386"), entry(b"amd64", "linux/amd64"), entry(b"v6", "linux/arm/v6"),
        entry(b"v5", "linux/arm/v5"), entry(b"arm64", "linux/arm64/v8"),
    )  # fmt: skip
    for platform, body in [
        ("linux/amd64", b"amd64"), ("linux/x86_64", b"amd64"), ("linux/amd64/v3", b"amd64"),
        ("linux/386", b"386"), ("linux/arm/v7", b"v6"), ("linux/arm", b"v6"), ("arm64", b"arm64"),
        ("linux/arm64/v8", b"arm64"),
    ]:  # fmt: skip
        assert picked(found, platform=platform) == Digest.of(body), platform


def test_attestations_are_left_out() -> None:
    found = index(
        entry(b"of it", "unknown/unknown"),
        entry(b"said", "linux/amd64", annotations={"vnd.docker.reference.type": "attestation"}),
        entry(b"image", "linux/amd64"),
    )
    assert picked(found, platform="linux/amd64") == picked(found) == Digest.of(b"image")
    assert found.platforms == (Platform("linux", "amd64"),)


def test_whole_names_beat_tags() -> None:
    tagged = entry(b"tagged", tag="1.0")
    whole = entry(b"whole", full=BREAD, tag="1.0")
    other = entry(b"other", full="docker.io/library/rolls:1.0", tag="1.0")
    assert picked(index(tagged, other, whole), "bread:1.0") == Digest.of(b"whole")
    assert picked(index(other, tagged), "bread:1.0") == Digest.of(b"tagged")
    with pytest.raises(InvalidInput, match=r"no bread:1\.0 in it; there is .*rolls:1\.0"):
        picked(index(other), "bread:1.0")


def test_a_name_counts_only_where_something_is_named() -> None:
    assert picked(index(entry(b"image")), "bread:1.0") == Digest.of(b"image")


def test_a_whole_name_may_stand_in_the_place_of_the_tag_as_podman_writes_it() -> None:
    found = index(entry(b"bread", tag=BREAD), entry(b"rolls", tag="docker.io/library/rolls:1.0"))
    assert picked(found, "bread:1.0") == Digest.of(b"bread")


def test_the_first_of_equals_wins() -> None:
    found = index(entry(b"first", "windows/amd64"), entry(b"second", "windows/amd64"))
    assert picked(found, platform="windows/amd64") == Digest.of(b"first")


def test_two_names_of_one_image_are_no_question() -> None:
    found = index(entry(b"one", full=BREAD), entry(b"one", full="docker.io/library/loaf:1.0"))
    assert picked(found) == Digest.of(b"one")


def test_of_two_images_one_is_named() -> None:
    found = index(entry(b"one", full=BREAD), entry(b"two", full="docker.io/library/rolls:1.0"))
    with pytest.raises(InvalidInput, match=r"bread:1\.0, docker\.io/library/rolls:1\.0"):
        picked(found)


def test_no_platform_means_this_machines_where_there_are_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    arm, intel, mainframe = (
        entry(b"arm64", "linux/arm64"), entry(b"amd64", "linux/amd64"), entry(b"z", "linux/s390x"),
    )  # fmt: skip
    assert picked(index(intel, arm)) == Digest.of(b"arm64")
    assert picked(index(intel)) == Digest.of(b"amd64")
    with pytest.raises(InvalidInput, match="linux/amd64, linux/s390x"):
        picked(index(intel, mainframe))
    with pytest.raises(InvalidInput, match="no linux/arm64 in it; there is linux/amd64"):
        picked(index(intel), platform="linux/arm64")


def test_an_entry_may_lead_to_another_index() -> None:
    found = index(entry(b"more", full=BREAD, mediaType=INDEX_TYPES[0]))
    assert found.pick("bread:1.0", Platform("linux", "amd64")).media_type == INDEX_TYPES[0]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"manifests": {"a": 1}}', b'{"manifests":7}']
)
def test_an_index_of_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableImage, match="makes no sense"):
        Index.parse("app:1", body)
