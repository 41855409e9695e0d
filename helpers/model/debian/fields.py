"""Paragraphs of fields, as Debian's Release and Packages files have them (deb822(5))."""

from __future__ import annotations


def parse_fields(text: str) -> dict[str, str]:
    """The fields of one paragraph, names in small letters; lines that continue stay lines."""
    fields: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line[:1] in (" ", "\t"):
            if name:
                fields[name] += "\n" + line.strip()
        else:
            head, colon, value = line.partition(":")
            name = head.strip().lower() if colon else ""
            if name:
                fields[name] = value.strip()
    return fields
