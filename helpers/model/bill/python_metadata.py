"""A Python package by its own metadata file.

Source: Python Packaging User Guide, "Core metadata specifications".
"""

from __future__ import annotations

from email.errors import MessageError
from email.parser import HeaderParser

from helpers.model.bill.component import Component, plain

_MOST_HEAD_LETTERS = 200_000


def python_component(text: str, location: str) -> Component | None:
    """The package; None where the file names neither a name nor a version."""
    head = text[:_MOST_HEAD_LETTERS].partition("\n\n")[0]
    try:
        message = HeaderParser().parsestr(head)
        name, version, expression, terms = (
            plain(str(message.get(key, "")))
            for key in ("Name", "Version", "License-Expression", "License")
        )
    except (MessageError, ValueError, LookupError, IndexError):
        return None
    if not name or not version:
        return None
    return Component("pypi", name, version, license=expression or terms, location=location)
