"""What vouches for a bundle: the SHA-256 of its index, in full or as five words to type.

The words are proquints (Wilkerson, "A Proposal for Proquints", arXiv:0901.4016): 16 bits each,
spoken as they are written, and made by rule, so there is no list to keep. Five are 80 bits, which
nobody finds another index for within the life of a bundle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from helpers.errors import InvalidInput

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"
# How far each letter stands from the lowest of a word's sixteen bits.
_LETTERS = ((_CONSONANTS, 12), (_VOWELS, 10), (_CONSONANTS, 6), (_VOWELS, 4), (_CONSONANTS, 0))
_WORDS = 5
_WORD = "".join(f"[{letters}]" for letters, _ in _LETTERS)
_TYPED = re.compile(rf"{_WORD}(?:[-. ]{_WORD}){{{_WORDS - 1}}}")
_FULL = re.compile(r"(?:sha256[-:])?([0-9a-f]{64})")


@dataclass(frozen=True)
class IndexDigest:
    """The beginning of an index's SHA-256: all 32 bytes, or the 10 that five words stand for."""

    beginning: bytes

    @classmethod
    def of(cls, index: bytes) -> IndexDigest:
        """The whole digest of these bytes."""
        return cls(sha256(index).digest())

    @classmethod
    def parse(cls, text: str) -> IndexDigest:
        """The digest that is spelled 'sha256-…', 'sha256:…', in bare digits, or in words.

        Raises InvalidInput for anything else, a shortened digest included.
        """
        spelled = text.strip().lower()
        if match := _FULL.fullmatch(spelled):
            return cls(bytes.fromhex(match[1]))
        if _TYPED.fullmatch(spelled):
            return cls(b"".join(map(_two_bytes, re.split("[-. ]", spelled))))
        raise InvalidInput(
            f"{text[:80]!r} is not the SHA-256 of a bundle's index.",
            "Copy what `bundle save` or `serve` printed: sha256-… in full, or all five words.",
        )

    def __str__(self) -> str:
        """'sha256-…' in full where all of it is known, else its words."""
        return f"sha256-{self.beginning.hex()}" if len(self.beginning) == 32 else self.words

    @property
    def words(self) -> str:
        """Its first 80 bits, for typing: 'lusab-babad-…'."""
        first = self.beginning[: 2 * _WORDS]
        return "-".join(_word(first[at : at + 2]) for at in range(0, len(first), 2))

    def vouches_for(self, index: bytes) -> bool:
        """Whether these bytes are the index that it is the digest of."""
        return sha256(index).digest().startswith(self.beginning)


def _word(two_bytes: bytes) -> str:
    number = int.from_bytes(two_bytes)
    return "".join(letters[number >> shift & len(letters) - 1] for letters, shift in _LETTERS)


def _two_bytes(word: str) -> bytes:
    pairs = zip(word, _LETTERS, strict=True)
    return sum(letters.index(one) << shift for one, (letters, shift) in pairs).to_bytes(2)
