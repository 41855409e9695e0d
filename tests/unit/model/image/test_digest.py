"""Digests are worked out from bytes, and nothing else passes for one."""

from __future__ import annotations

import hashlib

import pytest

from helpers.errors import UnreadableImage
from helpers.model.image.digest import Digest, short_id

# The examples of the OCI image specification (descriptor.md): 'sha256' of an empty text, and so on.
EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_digest_is_worked_out_from_bytes() -> None:
    assert Digest.of(b"") == EMPTY
    assert Digest.of(b"x", "sha512") == f"sha512:{hashlib.sha512(b'x').hexdigest()}"


def test_a_digest_is_a_text_with_parts() -> None:
    digest = Digest(EMPTY)
    assert (digest.algorithm, digest.hex, digest.short) == ("sha256", EMPTY[7:], EMPTY[7:19])
    assert f"{digest}" == EMPTY
    assert short_id(EMPTY) == short_id(EMPTY[7:]) == digest.short
    assert digest[:19] == EMPTY[:19]


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_bytes_are_compared_with_a_digest_in_pieces(algorithm: str) -> None:
    digest = Digest.of(b"bread and butter", algorithm)
    verifier = digest.verifier()
    verifier.update(b"bread and ")
    assert not verifier.is_verified
    assert verifier.actual == Digest.of(b"bread and ", algorithm)
    verifier.update(memoryview(b"butter"))
    assert verifier.is_verified
    assert verifier.expected == digest


@pytest.mark.parametrize(
    "text",
    [
        "", "sha256:", EMPTY[7:], EMPTY[:-1], f"{EMPTY}0", EMPTY.upper(), f"{EMPTY}\n",
        f"sha512:{EMPTY[7:]}", f"md5:{'0' * 32}", "sha256:../../x", None, 7,
    ],
)  # fmt: skip
def test_no_other_text_is_a_digest(text: object) -> None:
    with pytest.raises(UnreadableImage, match="no digest"):
        Digest(text)
