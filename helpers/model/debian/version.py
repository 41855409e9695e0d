"""Debian's version numbers, in the order that dpkg gives them (deb-version(7))."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(\D*)(\d*)")
_Part = tuple[tuple[int, ...], int]


def version_key(version: str) -> tuple[int, list[_Part], list[_Part]]:
    """What sorts versions by age: epoch, upstream version, revision of the package."""
    epoch, colon, rest = version.partition(":")
    if not colon or not epoch.isdecimal():
        epoch, rest = "0", version
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch), _parts(upstream), _parts(revision)


def _parts(text: str) -> list[_Part]:
    """Letters and numbers in turns; the end sorts after '~' and before everything else."""
    pairs = [(letters, digits) for letters, digits in _PARTS.findall(text) if letters or digits]
    return [*((_order(letters), int(digits or 0)) for letters, digits in pairs), (_order(""), 0)]


def _order(letters: str) -> tuple[int, ...]:
    """Weights of the letters: '~' before the end, the end before letters, those before the rest."""
    rest = [ord(letter) + (0 if letter.isalpha() else 256) for letter in letters]
    return (
        *(-1 if letter == "~" else weight for letter, weight in zip(letters, rest, strict=True)),
        0,
    )
