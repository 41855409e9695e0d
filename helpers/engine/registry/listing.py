"""Lists of a registry: what stands on a page of one, and where it goes on.

Source: the OCI distribution specification, "Listing Tags".
"""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from helpers.engine.registry.session import IN_ADDRESSES
from helpers.errors import RegistryError
from helpers.model.registry.link import next_page
from helpers.model.text.json_document import parsed_json

_USUAL_PORTS = (None, 80, 443)


def items_in(body: bytes, key: str, address: str) -> list[str]:
    """What a page of a list holds under that key; raises RegistryError where it is no list."""
    try:
        items: Any = parsed_json(body)[key] or []
        if not isinstance(items, list):
            raise TypeError("it is no list")
        return [str(item) for item in items]
    except (ValueError, KeyError, TypeError):
        raise RegistryError(
            f"{address} answered with something that is no list.",
            "Is that address a registry's? Look at what stands before the first slash.",
        ) from None


def following_path(url: str, link: str, address: str) -> str:
    """The path of the page behind the one of that URL, by its header Link; empty behind the last.

    A registry behind a proxy may not know whether it is asked over TLS, so the scheme is not
    looked at. Raises RegistryError where the list goes on at another host, or nobody knows where.
    """
    try:
        target = next_page(link)
        here = urlsplit(url)
        there = urlsplit(urljoin(url, quote(target, IN_ADDRESSES, "latin-1")))
        if _host(here) != _host(there):
            raise RegistryError(
                f"The list of {address} goes on at another address.", "Ask its owner."
            )
    except ValueError:
        raise RegistryError(
            f"The list of {address} goes on, and it does not say where.", "Ask its owner."
        ) from None
    path = there.path or "/"
    return (f"{path}?{there.query}" if there.query else path) if target else ""


def _host(url: SplitResult) -> tuple[str | None, int | None]:
    """Host and port, the usual ports as one."""
    return url.hostname, None if url.port in _USUAL_PORTS else url.port
