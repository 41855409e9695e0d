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
from helpers.model.text.trouble import Trouble, trouble_in

_NAME = re.compile(r'container name "/?([^"]+)" is already in use', re.IGNORECASE)
_PORT = re.compile(r"(?:bind|listen|exposing port)[^0-9]*[^:]*:(\d+)", re.IGNORECASE)
_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
ENGINE_DISK_FULL = ("The engine's disk is full.", "See `docker system df`, then make room.")


def engine_disk_full() -> DiskFull:
    """The error for an engine's disk that is full."""
    return DiskFull(*ENGINE_DISK_FULL)


@contextmanager
def translated(command: str) -> Iterator[None]:
    """A block in which the SDK's errors become the workbook's, naming the command that failed."""
    try:
        yield
    except (DockerException, RequestException) as error:
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
    trouble = trouble_in(answer)
    if trouble is Trouble.FULL_DISK:
        return DiskFull, *ENGINE_DISK_FULL
    if trouble is Trouble.NAME_IN_USE and (match := _NAME.search(answer)):
        return _name_in_use(match[1])
    if trouble is Trouble.PORT_IN_USE:
        return _port_in_use(answer)
    if isinstance(error, ImageNotFound) or trouble is Trouble.NO_SUCH_IMAGE_HERE:
        return NoSuchImage, _sentence(answer), "`docker images` lists those that are there."
    if isinstance(error, NotFound) and "container" in answer.lower():
        return NoSuchContainer, _sentence(answer), "`docker ps --all` lists those there are."
    return EngineError, f"The engine answered: {_sentence(answer)}", ""


def _name_in_use(name: str) -> tuple[type[EngineError], str, str]:
    return (
        NameInUse,
        f"There is already a container named {name!r}.",
        f"Choose another name, or remove that one if it is yours: `docker rm --force {name}`.",
    )


def _port_in_use(answer: str) -> tuple[type[EngineError], str, str]:
    match = _PORT.search(answer)
    port = f"Port {match[1]}" if match else "That port"
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
