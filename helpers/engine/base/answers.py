"""What the engine's error answers mean, as the errors of the workbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

from docker.errors import (
    APIError,
    DockerException,
    ImageNotFound,
    NotFound,
    NullResource,
    StreamParseError,
)
from requests.exceptions import ContentDecodingError, InvalidJSONError, RequestException, Timeout
from urllib3.exceptions import HTTPError, ReadTimeoutError

from helpers.engine.base.interruption import as_interrupted
from helpers.engine.base.needed_parts import unfit
from helpers.errors import (
    DiskFull,
    EngineError,
    EngineGone,
    NameInUse,
    NoSuchContainer,
    NoSuchImage,
    PortInUse,
)
from helpers.model.command.next_step import next_step
from helpers.model.text.trouble import Trouble, trouble_in

_NAME = re.compile(r'container name "/?([^"]+)" is already in use', re.IGNORECASE)
# '0.0.0.0:4000', ':::4000' or '[::1]:4000', as the one that was to be published.
_PORT = re.compile(
    r"(?:bind for|exposing port \w+|host port(?: for)?|listen \w+) "
    r"(?:\[[^\]]*\]|[0-9.]*|::):(\d{1,5})\b",
    re.IGNORECASE,
)
_NO_CONTAINER = re.compile(r"no such container|no container with (?:name|id)", re.IGNORECASE)
_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_BY_STATUS = {
    400: "`{} --help` lists what it takes.",
    404: "See to the spelling: `docker ps --all` and its like list what is there.",
    409: "See what it is now: `docker ps --all`.",
    501: "That engine cannot do it: `./workbook doctor` says which one it is.",
}
_MAY_GO_ON = "The engine may go on with it: `docker ps` shows what runs. Run the cell again."
_BY_THE_LOG = (
    "The engine's own log says more (`sudo journalctl -u docker` on its machine); "
    "`./workbook doctor` looks whether it is well."
)
_BROKEN = (RequestException, HTTPError)
# Bytes that are no JSON, no gzip or no UTF-8, from whatever answers in an engine's place.
_UNREADABLE = (
    InvalidJSONError, ContentDecodingError, StreamParseError, json.JSONDecodeError,
    UnicodeDecodeError,
)  # fmt: skip
# What the SDK itself stumbles over where an answer lacks what it takes from it.
_MISREAD = (LookupError, TypeError, AttributeError)
ENGINE_DISK_FULL = ("The engine's disk is full.", "See `docker system df`, then make room.")


def engine_disk_full() -> DiskFull:
    """The error for an engine's disk that is full."""
    return DiskFull(*ENGINE_DISK_FULL)


@contextmanager
def translated(command: str) -> Iterator[None]:
    """A block in which the SDK's errors become the workbook's, naming the command that failed.

    An interrupt in it becomes Interrupted.
    """
    try:
        with as_interrupted(f"`{command}`", _MAY_GO_ON):
            yield
    except (DockerException, *_BROKEN, *_UNREADABLE) as error:
        raise engine_error(error, command) from None
    except _MISREAD as error:
        if not _is_of_the_sdk(error):
            raise
        raise unfit(command, f"cannot be read: {type(error).__name__}, {error}") from None


def engine_error(error: Exception, command: str) -> EngineError:
    """The workbook's error for one of the SDK's."""
    about = {"command": command, "answer": str(error)}
    if isinstance(error, APIError):
        answer = str(error.explanation or error)
        kind, message, next_step = _meaning(error, answer, command)
        return kind(message, next_step, command=command, answer=answer)
    if isinstance(error, NullResource):
        return EngineError(
            f"`{command}` names nothing.",
            "Give it a name: `docker ps --all` and `docker images` list them.",
            **about,
        )
    if isinstance(error, _UNREADABLE) or not isinstance(error, (*_BROKEN, DockerException)):
        return EngineError(
            f"What answered `{command}` answered as no engine does: {error}",
            "See what DOCKER_HOST leads to: `./workbook doctor`.",
            **about,
        )
    return EngineGone(
        f"The engine stopped answering during `{command}`.",
        "See whether Docker still runs (`./workbook doctor`), then run the cell again.",
        **about,
    )


def _is_of_the_sdk(error: BaseException) -> bool:
    """Whether the SDK's own reading of an answer raised it, and no code of ours."""
    *_, last = walk_tb(error.__traceback__)
    return str(last[0].f_globals.get("__name__", "")).startswith("docker.api.")


def took_too_long(error: BaseException | None) -> bool:
    """Whether the SDK's error is that nothing came in time, while the connection held."""
    while error is not None:
        if isinstance(error, Timeout | ReadTimeoutError | TimeoutError):
            return True
        inner = next((one for one in error.args if isinstance(one, BaseException)), None)
        error = inner or error.__cause__
    return False


def _meaning(error: APIError, answer: str, command: str) -> tuple[type[EngineError], str, str]:
    trouble = trouble_in(answer)
    if trouble is Trouble.FULL_DISK:
        return DiskFull, *ENGINE_DISK_FULL
    if trouble is Trouble.NAME_IN_USE and (match := _NAME.search(answer)):
        return _name_in_use(match[1])
    if trouble is Trouble.PORT_IN_USE:
        return _port_in_use(answer)
    if isinstance(error, ImageNotFound) or trouble is Trouble.NO_SUCH_IMAGE_HERE:
        return NoSuchImage, _sentence(answer), "`docker images` lists those that are there."
    if isinstance(error, NotFound) and _NO_CONTAINER.search(answer):
        return NoSuchContainer, _sentence(answer), "`docker ps --all` lists those there are."
    step = next_step(answer) or _step_by_status(error, command)
    return EngineError, f"The engine answered: {_sentence(answer)}", step


def _step_by_status(error: APIError, command: str) -> str:
    """What to do after words that nobody here knows, by the kind of answer that it is."""
    verb = re.match(r"docker(?: (?:image|container|network|volume|system|buildx))? \w+", command)
    step = _BY_STATUS.get(error.status_code or 0, _BY_THE_LOG)
    return step.format(verb[0] if verb else "docker")


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
