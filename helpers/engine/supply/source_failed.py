"""Why one source could not supply an image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from helpers.engine.base.answers import engine_error
from helpers.engine.base.disk_answers import disk_full, disk_words
from helpers.errors import DiskFull

_LONGEST = 160
# How the engine words what a registry did, and how we do; the first that fits is told.
_MEANINGS = (
    (r"toomanyrequests|rate limit", "its limit of pulls is used up"),
    (r"manifest.*(unknown|not found)|not found: manifest", "it has no such image or tag"),
    (
        r"repository does not exist|name unknown|pull access denied"
        r"|failed to resolve reference.*: not found",
        "it has no such image",
    ),
    (r"unauthorized|authentication required|denied", "it wants a login"),
    (r"x509|certificate", "the engine does not trust its certificate"),
    (r"server gave http response to https", "it speaks plain HTTP, which the engine refuses"),
    (r"no such host|server misbehaving|name resolution", "its name cannot be resolved"),
    (r"connection refused", "connection refused"),
    (r"timeout|deadline exceeded|awaiting headers", "no answer in time"),
    (r"invalid diffid|unexpected commit digest|failed size validation", "a part is damaged"),
    (r"no matching manifest", "it has nothing for this machine's processor"),
)


class SourceFailed(Exception):
    """The source cannot supply the image, for the reason given in a few words."""

    @property
    def reason(self) -> str:
        """The reason, in a few words."""
        return str(self)


def reason_of(answer: str) -> str:
    """What the engine's answer about a registry means, in a few words."""
    lowered = answer.lower()
    for pattern, meaning in _MEANINGS:
        if re.search(pattern, lowered):
            return meaning
    text = " ".join(answer.split()).rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def fail(answer: str) -> SourceFailed:
    """The failure that an error message in the engine's stream means; a full disk is not ours."""
    if "no space left on device" in answer.lower():
        raise DiskFull("The engine's disk is full.", "See `docker system df`, then make room.")
    return SourceFailed(reason_of(answer))


@contextmanager
def engine_answers() -> Iterator[None]:
    """A block in which the engine's refusals become SourceFailed; a full disk or its end do not."""
    try:
        yield
    except APIError as error:
        raise fail(str(error.explanation or error)) from None
    except (DockerException, RequestException) as error:
        raise engine_error(error, "docker pull") from None


@contextmanager
def disk_answers(place: Path) -> Iterator[None]:
    """A block in which what this machine's disk refuses becomes SourceFailed, or DiskFull."""
    try:
        yield
    except OSError as error:
        if isinstance(error, RequestException):  # an OSError too, and of the network
            raise
        raise disk_full(error, place) or SourceFailed(disk_words(error)) from None
