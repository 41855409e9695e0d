"""Where the next page of a list is: the header Link.

Source: RFC 8288, section 3; the OCI distribution specification, "Listing Tags".
"""

from __future__ import annotations

import re

from helpers.model.registry.header_reader import HeaderReader

_TARGET = re.compile(r"<([^<>]*+)>")
_SEMICOLON = re.compile(";")


def next_page(header: str) -> str:
    """The target of the first link whose relation is `next`; empty without one."""
    reader = HeaderReader(header)
    while not reader.is_at_end:
        reader.skip(" \t,")
        target = reader.take(_TARGET)
        if target is None:
            reader.give_up()
        elif "next" in _relations(reader):
            return target[1].strip()
    return ""


def _relations(reader: HeaderReader) -> list[str]:
    """What the parameters behind a target say that it is, in lower case; the first `rel` counts."""
    relations: list[str] | None = None
    while True:
        reader.skip(" \t")
        if reader.take(_SEMICOLON) is None:
            return relations or []
        reader.skip(" \t")
        name, value = reader.token().lower(), reader.value()
        if name == "rel" and relations is None:
            relations = (value or "").lower().split()
