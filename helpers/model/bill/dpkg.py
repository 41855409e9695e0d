"""The packages in dpkg's database: one file for all, or one for each as distroless images have it.

Source: dpkg(1), "Package states"; deb-control(5) for the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.model.bill.component import Component, plain
from helpers.model.debian.fields import parse_fields

# States of which nothing but settings is left.
_GONE = ("not-installed", "config-files")
_SOURCE = re.compile(r"([^\s(]+)(?:\s*\(([^)]*)\))?")


def dpkg_components(text: str, location: str) -> Iterator[Component]:
    """The packages whose files are there; a paragraph without a name or a version is none."""
    for paragraph in re.split(r"\n\s*\n", text):
        fields = parse_fields(paragraph)
        name, version = (plain(fields.get(key, "")) for key in ("package", "version"))
        state = fields.get("status", "").split()
        if not name or not version or (state and state[-1] in _GONE):
            continue
        source, source_version = _source(fields.get("source", ""))
        yield Component(
            "deb",
            name,
            version,
            architecture=plain(fields.get("architecture", "")),
            source=source or name,
            source_version=source_version or version,
            location=location,
        )


def _source(text: str) -> tuple[str, str]:
    """'openssl' and '3.5.1-1' of 'openssl (3.5.1-1)'."""
    match = _SOURCE.match(text.strip())
    return (plain(match[1]), plain(match[2] or "")) if match else ("", "")
