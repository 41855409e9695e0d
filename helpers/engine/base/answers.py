"""What the engine's error answers mean, as the errors of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from requests.exceptions import RequestException

from helpers.errors import (
    DiskFull,
    EngineError,
    EngineGone,
    NameInUse,
    NoSuchContainer,
    NoSuchImage,
    PortInUse,
)

_NAME = re.compile(r'container name "/?([^"]+)" is already in use', re.IGNORECASE)
_PORT = re.compile(r"(?:bind|listen|exposing port)[^0-9]*[^:]*:(\d+)", re.IGNORECASE)
_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_BUSY = ("port is already allocated", "address already in use", "ports are not available")


@contextmanager
def translated(command: str) -> Iterator[None]:
    """A block in which the SDK's errors become the workbook's, naming the command that failed."""
    try:
        yield
    except (APIError, DockerException, RequestException) as error:
        raise engine_error(error, command) from None


def engine_error(error: Exception, command: str) -> EngineError:
    """The workbook's error for one of the SDK's."""
    if not isinstance(error, APIError):
        return EngineGone(
            f"The engine stopped answering during `{command}`.",
            "See whether Docker still runs (`./workbook doctor`), then run the cell again.",
            command=command,
            answer=str(error),
        )
    answer = str(error.explanation or error)
    kind, message, next_step = _meaning(error, answer)
    return kind(message, next_step, command=command, answer=answer)


def _meaning(error: APIError, answer: str) -> tuple[type[EngineError], str, str]:
    lowered = answer.lower()
    if "no space left on device" in lowered:
        return DiskFull, "The engine's disk is full.", "See `docker system df`, then make room."
    if named := _NAME.search(answer):
        return _name_in_use(named[1])
    if any(words in lowered for words in _BUSY):
        return _port_in_use(answer)
    if isinstance(error, ImageNotFound) or "no such image" in lowered:
        return NoSuchImage, f"{_sentence(answer)}", "`docker images` lists those that are there."
    if isinstance(error, NotFound) and "container" in lowered:
        return NoSuchContainer, f"{_sentence(answer)}", "`docker ps --all` lists those there are."
    return EngineError, f"The engine answered: {_sentence(answer)}", ""


def _name_in_use(name: str) -> tuple[type[EngineError], str, str]:
    return (
        NameInUse,
        f"There is already a container named {name!r}.",
        f"Choose another name, or remove that one if it is yours: `docker rm --force {name}`.",
    )


def _port_in_use(answer: str) -> tuple[type[EngineError], str, str]:
    found = _PORT.search(answer)
    port = f"Port {found[1]}" if found else "That port"
    return (
        PortInUse,
        f"{port} of this machine is taken by another program or container.",
        "Publish another one, or let Docker choose: `ports={80: 0}`.",
    )


def _sentence(answer: str) -> str:
    text = " ".join(answer.split()).removeprefix("Error response from daemon: ")
    text = _ID.sub(r"\1", text)
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
