"""Why one source could not supply an image."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from helpers.engine.base.answers import engine_disk_full, engine_error
from helpers.engine.base.disk_answers import disk_full, disk_words
from helpers.model.text.trouble import Trouble, is_full_disk, trouble_in

_LONGEST = 160
_REASONS = {
    Trouble.PULLS_USED_UP: "its limit of pulls is used up",
    Trouble.NO_SUCH_TAG: "it has no such image or tag",
    Trouble.NO_SUCH_REPOSITORY: "it has no such image",
    Trouble.LOGIN_WANTED: "it wants a login",
    Trouble.NOT_TRUSTED: "the engine does not trust its certificate",
    Trouble.PLAIN_HTTP: "it speaks plain HTTP, which the engine refuses",
    Trouble.NAME_NOT_RESOLVED: "its name cannot be resolved",
    Trouble.CONNECTION_REFUSED: "connection refused",
    Trouble.NO_ANSWER_IN_TIME: "no answer in time",
    Trouble.WRONG_BYTES: "a part is damaged",
    Trouble.NO_SUCH_PLATFORM: "it has nothing for this machine's processor",
}


# By these the source answers that it has no such image: others would be asked in vain.
_ABOUT_IMAGE = (
    *(Trouble.NO_SUCH_TAG, Trouble.NO_SUCH_REPOSITORY, Trouble.NO_SUCH_PLATFORM),
    Trouble.NOTHING_THERE,
)


class SourceFailed(Exception):
    """The source cannot supply the image, for the reason given in a few words."""

    def __init__(self, reason: str, trouble: Trouble | None = None) -> None:
        super().__init__(reason)
        self.trouble = trouble

    @property
    def is_about_image(self) -> bool:
        """Whether the source was reached and has no such image."""
        return self.trouble in _ABOUT_IMAGE

    @property
    def reason(self) -> str:
        """The reason, in a few words."""
        return str(self)


def reason_of(answer: str) -> str:
    """What the engine's answer about a registry means, in a few words."""
    trouble = trouble_in(answer)
    if trouble in _REASONS:
        return _REASONS[trouble]
    text = " ".join(answer.split()).rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def fail(answer: str) -> SourceFailed:
    """The failure that an error message in the engine's stream means; a full disk is not ours."""
    if is_full_disk(answer):
        raise engine_disk_full()
    return SourceFailed(reason_of(answer), trouble_in(answer))


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
def disk_answers(path: Path) -> Iterator[None]:
    """A block in which what this machine's disk refuses becomes SourceFailed, or DiskFull."""
    try:
        yield
    except OSError as error:
        if isinstance(error, RequestException):  # an OSError too, and of the network
            raise
        raise disk_full(error, path) or SourceFailed(disk_words(error)) from None
