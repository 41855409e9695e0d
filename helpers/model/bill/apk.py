"""The packages in apk's database of what is installed.

Source: apk-tools, doc/apk-v2.5: paragraphs whose lines begin with a letter and a colon.
"""

from __future__ import annotations

from collections.abc import Iterator

from helpers.model.bill.component import Component, plain


def apk_components(text: str, location: str) -> Iterator[Component]:
    """The packages; a paragraph without a name or a version is none."""
    for paragraph in text.split("\n\n"):
        fields = dict(_fields(paragraph))
        if fields.get("P") and fields.get("V"):
            yield Component(
                "apk",
                fields["P"],
                fields["V"],
                architecture=fields.get("A", ""),
                license=fields.get("L", ""),
                source=fields.get("o", ""),
                location=location,
            )


def _fields(paragraph: str) -> Iterator[tuple[str, str]]:
    """The fields of the package itself: those of its files come after the first F."""
    for line in paragraph.splitlines():
        key, colon, value = line.partition(":")
        if key == "F":
            return
        if colon and len(key) == 1:
            yield key, plain(value)
