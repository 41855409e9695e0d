"""Manifests as strangers may write them: what becomes a file's name or size is checked first."""

from __future__ import annotations

import json

import pytest

from helpers.errors import UnreadableImage
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.manifest import manifest_or_index

HASH = "0123456789abcdef" * 4


def test_a_descriptor_is_taken_as_it_stands() -> None:
    found = Descriptor.parse({"mediaType": "m", "digest": f"sha256:{HASH}", "size": 0})
    assert (found.digest, found.size_bytes) == (f"sha256:{HASH}", 0)
    longer = f"sha512:{HASH}{HASH}"
    assert Descriptor.parse({"mediaType": "m", "digest": longer, "size": 0}).digest == longer


@pytest.mark.parametrize(
    "digest",
    [
        "sha256:/home/u/Downloads/film", "sha256:../../x", "sha256:", "", HASH, f"sha256:{HASH}0",
        f"sha256:{HASH[1:]}", f"sha256:{HASH.upper()}", f"sha256:{HASH}\n", f"md5:{HASH[:32]}",
        f"sha512:{HASH}", None, 7,
    ],
)  # fmt: skip
def test_a_digest_of_another_form_is_refused(digest: object) -> None:
    with pytest.raises(UnreadableImage, match="no digest"):
        Descriptor.parse({"mediaType": "m", "digest": digest, "size": 1})


@pytest.mark.parametrize("size", [-1, "x", None, float("inf"), [1]])
def test_a_size_that_cannot_be_is_refused(size: object) -> None:
    with pytest.raises(UnreadableImage, match="makes no sense"):
        Descriptor.parse({"mediaType": "m", "digest": f"sha256:{HASH}", "size": size})


@pytest.mark.parametrize(
    "said", [{"config": {}, "layers": 7}, {"manifests": {"a": 1}}, {"layers": []}]
)
def test_a_manifest_of_another_form_is_refused(said: object) -> None:
    with pytest.raises(UnreadableImage, match="makes no sense"):
        manifest_or_index("app:1", json.dumps(said).encode())
