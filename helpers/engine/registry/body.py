"""The body of a registry's answer: read piece by piece, and never beyond what it may be."""

from __future__ import annotations

import time
from collections.abc import Iterator

import requests
from urllib3.exceptions import HTTPError

from helpers.errors import RegistryError, RegistryGone

PIECE_BYTES = 1 << 17
DOCUMENT_SECONDS = 120.0


def pieces(answer: requests.Response, sender: str, unpack: bool = False) -> Iterator[bytes]:
    """The bytes in whole pieces, or unpacked and as they come; raises RegistryGone."""
    done, read = 0, answer.raw.read1 if unpack else answer.raw.read
    try:
        while piece := read(PIECE_BYTES, decode_content=unpack):
            done += len(piece)
            yield piece
    except (HTTPError, OSError, ValueError) as error:
        raise RegistryGone(f"{sender} broke off in the middle ({error}).", "Try again.") from None
    stated = announced_bytes(answer)
    if stated is not None and done < stated and not (unpack and is_packed(answer)):
        raise RegistryGone(f"{sender} broke off in the middle.", "Try again.")


def document(
    answer: requests.Response, sender: str, most_bytes: int, seconds: float = DOCUMENT_SECONDS
) -> bytes:
    """All of an answer that is a document; unpacked, where something between packed it.

    Raises RegistryGone where it breaks off or dawdles, RegistryError where it does not end.
    """
    body, deadline = bytearray(), time.monotonic() + seconds
    for piece in pieces(answer, sender, unpack=True):
        body += piece
        if len(body) > most_bytes:
            raise RegistryError(
                f"{sender} answered with more than {most_bytes:,} bytes.",
                "No document is so large; `pull` fetches layers.",
            )
        if time.monotonic() > deadline:
            raise RegistryGone(
                f"{sender} was not done with its answer after {seconds:.0f} s.", "Try again."
            )
    return bytes(body)


def beginning(answer: requests.Response, sender: str, most_bytes: int, seconds: float) -> bytes:
    """What came of an answer in that time, up to so many bytes; raises as `pieces` does."""
    body, deadline = bytearray(), time.monotonic() + seconds
    for piece in pieces(answer, sender, unpack=True):
        body += piece
        if len(body) >= most_bytes or time.monotonic() > deadline:
            break
    return bytes(body[:most_bytes])


def is_packed(answer: requests.Response) -> bool:
    """Whether the header says that the body was packed for its way."""
    return answer.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity")


def announced_bytes(answer: requests.Response) -> int | None:
    """The length that the header states; None where it states none, or no number."""
    stated = answer.headers.get("Content-Length", "").strip()
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else None
