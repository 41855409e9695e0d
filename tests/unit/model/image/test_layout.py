"""Where blobs lie in an OCI image layout: the specification's own examples."""

from __future__ import annotations

import pytest

from helpers.model.image.digest import HEX_LENGTHS, Digest
from helpers.model.image.layout import blob_path, digest_at


@pytest.mark.parametrize("kind", HEX_LENGTHS)
def test_a_blob_lies_under_its_kind_and_is_known_by_its_path(kind: str) -> None:
    digest = Digest.of(b"blob", kind)
    assert blob_path(digest) == f"blobs/{kind}/{digest.hex}"
    assert digest_at(blob_path(digest)) == digest


@pytest.mark.parametrize(
    "path",
    [
        "index.json",
        "blobs/sha256/",
        f"blobs/sha256/{'A' * 64}",
        f"blobs/sha512/{'a' * 64}",
        f"blobs/sha256/x/{'a' * 64}",
        f"sha256/{'a' * 64}",
        f"blobs/sha256:{'a' * 64}/",
        f"./blobs/sha256/{'a' * 64}",
    ],
)
def test_elsewhere_lies_none(path: str) -> None:
    assert digest_at(path) is None
