"""What vouches for a bundle, in full and in words; and the addresses that carry it."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest

from helpers.errors import InvalidInput
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.bundle.server_address import ServerAddress

INDEX = b'{"manifests": []}'
DIGITS = sha256(INDEX).hexdigest()
TOO_LITTLE = (
    "",
    "sha256-",
    f"sha256-{DIGITS[:-1]}",
    DIGITS[:20],
    f"md5-{DIGITS}",
    f"{DIGITS}0",
    "lusab-babad-gutih-tugad",
    "lusab-babad-gutih-tugad-cccca",
    "\x1b[2J",
)
NO_ADDRESSES = (
    "",
    "http://",
    "ftp://host",
    "http://ada:secret@host",
    "http://host/v2/",
    "http://host?x",
    "a b",
    "host:99999",
    "-host",
    "http://host/#",
    "host#sha256-12",
    "file:///etc/passwd",
)


@pytest.mark.parametrize(
    "text", [f"sha256-{DIGITS}", f"sha256:{DIGITS}", DIGITS, DIGITS.upper(), f" {DIGITS}\n"]
)
def test_a_whole_digest_is_read_as_people_copy_it(text: str) -> None:
    digest = IndexDigest.parse(text)
    assert digest == IndexDigest.of(INDEX)
    assert str(digest) == f"sha256-{DIGITS}"
    assert digest.vouches_for(INDEX)
    assert not digest.vouches_for(INDEX + b" ")


def test_words_are_those_of_the_proposal() -> None:
    """The examples of arXiv:0901.4016, which are addresses of the internet."""
    addresses = {"127.0.0.1": "lusab-babad", "63.84.220.193": "gutih-tugad"}
    addresses |= {"140.98.193.141": "mudof-sakat", "198.81.129.136": "sinid-makam"}
    for address, words in addresses.items():
        four = bytes(map(int, address.split(".")))
        assert IndexDigest(four + bytes(28)).words == f"{words}-babab-babab-babab"


def test_five_words_stand_for_the_first_80_bits() -> None:
    chance = random.Random(3)
    for _ in range(200):
        whole = IndexDigest(chance.randbytes(32))
        typed = IndexDigest.parse(whole.words)
        assert typed.beginning == whole.beginning[:10]
        assert str(typed) == whole.words
    words = IndexDigest.of(INDEX).words
    for text in (words, words.upper(), words.replace("-", " ")):
        assert IndexDigest.parse(text).vouches_for(INDEX)
        assert not IndexDigest.parse(text).vouches_for(b"")


@pytest.mark.parametrize("text", TOO_LITTLE)
def test_less_than_all_of_it_vouches_for_nothing(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        IndexDigest.parse(text)
    assert "serve" in caught.value.next_step
    assert "\x1b" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("192.168.1.7", "http://192.168.1.7:4040"),
        ("http://192.168.1.7:4041/", "http://192.168.1.7:4041"),
        ("teacher.local:4050", "http://teacher.local:4050"),
        ("[fe80::1]", "http://[fe80::1]:4040"),
    ],
)
def test_addresses_of_a_server(text: str, base: str) -> None:
    assert ServerAddress.parse(text) == ServerAddress(base)
    for digest in (IndexDigest.of(INDEX), IndexDigest.parse(IndexDigest.of(INDEX).words)):
        address = ServerAddress.parse(f"{text}#{digest}")
        assert address == ServerAddress(base, digest)
        assert ServerAddress.parse(str(address)) == address


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_of_a_server_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        ServerAddress.parse(text)
