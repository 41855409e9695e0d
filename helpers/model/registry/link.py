"""Where the next page of a list is: the header Link.

Source: RFC 8288, section 3; the OCI distribution specification, "Listing Tags". A link that says
nothing of its relation is followed, as the distribution's own client does.
"""

from __future__ import annotations

import re

from helpers.model.registry.header_reader import MOST_CHARACTERS, HeaderReader

_TARGET = re.compile(r"<([^<>]*+)>")
_SEMICOLON = re.compile(";")
_END = re.compile(r"[ \t]*+(?:,|$)")


def next_page(header: str) -> str:
    """The target of the first link whose relation is `next`; empty where the list is whole.

    Raises ValueError for a header that cannot be read: nobody knows what follows then.
    """
    reader, unsaid = HeaderReader(header), ""
    if len(header) > MOST_CHARACTERS:
        raise ValueError("its header Link is too long")
    while True:
        reader.skip(" \t,")
        if reader.is_at_end:
            return unsaid
        target = reader.take(_TARGET)
        relations = _relations(reader) if target else None
        if target and "next" in (relations or ()):
            return target[1].strip()
        if target is None or reader.take(_END) is None:
            raise ValueError("its header Link follows no grammar")
        if relations is None:
            unsaid = unsaid or target[1].strip()


def _relations(reader: HeaderReader) -> list[str] | None:
    """What the parameters behind a target say that it is, in lower case; None where they do not.

    The first `rel` counts.
    """
    relations: list[str] | None = None
    while True:
        reader.skip(" \t")
        if reader.take(_SEMICOLON) is None:
            return relations
        reader.skip(" \t")
        name, value = reader.token().lower(), reader.value()
        if name == "rel" and relations is None:
            relations = (value or "").lower().split()
