"""Pushes and pulls through the engine, told layer by layer, and what their failures mean."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from helpers.engine.base.answers import engine_disk_full, engine_error
from helpers.engine.base.pump import Silent, pumped
from helpers.engine.base.streaming import PostedStream
from helpers.engine.registry.login import login_for
from helpers.engine.registry.refusals import registry_full
from helpers.errors import (
    Interrupted,
    NoSuchImage,
    NotInRegistry,
    RegistryError,
    RegistryGone,
    WorkbookError,
    WrongDigest,
)
from helpers.model.image.reference import ImageReference
from helpers.model.registry.transfer import TransferProgress
from helpers.model.text.command_line import docker_line
from helpers.model.text.trouble import Trouble, trouble_in

if TYPE_CHECKING:
    from docker import DockerClient

IDLE_SECONDS = 120.0
OnTransfer = Callable[[TransferProgress], None]
Diagnose = Callable[[], WorkbookError | None]
_AGAIN = "Nothing half made is left under that name; run it again when that is mended."
_NOT_THERE = (
    Trouble.NO_SUCH_PLATFORM,
    Trouble.NO_SUCH_TAG,
    Trouble.NO_SUCH_REPOSITORY,
    Trouble.NOTHING_THERE,
)
_GONE = (
    Trouble.NAME_NOT_RESOLVED,
    Trouble.CONNECTION_REFUSED,
    Trouble.NO_ANSWER_IN_TIME,
    Trouble.NETWORK_UNREACHABLE,
    Trouble.BROKEN_OFF,
)


def push(
    client: DockerClient, reference: ImageReference, tell: OnTransfer, diagnose: Diagnose
) -> TransferProgress:
    """The finished push of an image under its full name.

    `diagnose` is asked when the engine begins to try again: what it finds ends the push at once.
    Raises RegistryError or one of its kinds, NoSuchImage, EngineGone or Interrupted.
    """
    path = f"/images/{reference.familiar_name}/push"
    return _run(client, "push", reference, path, {"tag": reference.tag or ""}, tell, diagnose)


def pull(
    client: DockerClient, reference: ImageReference, tell: OnTransfer, diagnose: Diagnose
) -> TransferProgress:
    """The finished pull of an image; raises as `push` does, and DiskFull."""
    question = {"fromImage": reference.familiar_name, "tag": reference.tag_or_digest}
    return _run(client, "pull", reference, "/images/create", question, tell, diagnose)


def _run(
    client: DockerClient,
    verb: str,
    reference: ImageReference,
    path: str,
    question: dict[str, str],
    tell: OnTransfer,
    diagnose: Diagnose,
) -> TransferProgress:
    line = docker_line(verb, str(reference))
    stream = PostedStream(client, path, question, _login(client, reference), 2 * IDLE_SECONDS)
    progress = TransferProgress(verb, str(reference))
    try:
        with closing(_followed(stream, progress, diagnose)) as steps:
            for progress in steps:
                tell(progress)
    except KeyboardInterrupt:
        raise Interrupted(f"`{line}` was broken off.", "Run the cell again.") from None
    except Silent:
        raise diagnose() or RegistryGone(
            f"Nothing came from {reference.registry} for {IDLE_SECONDS:.0f} s.", _AGAIN
        ) from None
    except APIError as error:
        raise failure(verb, reference, str(error.explanation or error)) from None
    except (DockerException, RequestException) as error:
        raise engine_error(error, line) from None
    finally:
        stream.hang_up()
        tell(replace(progress, is_over=True))
    return progress


def _followed(
    stream: PostedStream, progress: TransferProgress, diagnose: Diagnose
) -> Generator[TransferProgress, None, None]:
    reference = ImageReference.parse(progress.name)
    for message in pumped(stream, threading.Event(), IDLE_SECONDS):
        if error := message.get("error"):
            raise diagnose() or failure(progress.verb, reference, str(error))
        progress = progress.after(message)
        if progress.retrying and (trouble := diagnose()):
            raise trouble
        yield progress


def _login(client: DockerClient, reference: ImageReference) -> dict[str, str]:
    """What `docker login` left for that registry; the engine wants the header even without."""
    login = login_for(client, reference.registry)
    return {"X-Registry-Auth": login or base64.urlsafe_b64encode(b"{}").decode()}


def failure(verb: str, reference: ImageReference, answer: str) -> WorkbookError:
    """The error that the engine's words about a push or pull mean."""
    trouble, registry = trouble_in(answer), reference.registry
    if trouble is Trouble.FULL_DISK:
        return engine_disk_full() if verb == "pull" else registry_full(registry, _AGAIN)
    if trouble is Trouble.NO_SUCH_IMAGE_HERE:
        return NoSuchImage(f"There is no image {reference} here.", "`docker images` lists all.")
    if trouble is Trouble.WRONG_BYTES:
        return WrongDigest(
            f"{registry} gave other bytes than the digest of {reference} says.", _AGAIN
        )
    if trouble is Trouble.NO_IMAGE:
        return RegistryError(
            f"{reference} is not an image: {_shortened(answer)}.",
            "Take it with the tool that it was made with, as `helm pull` for a chart.",
        )
    if trouble is Trouble.PULLS_USED_UP:
        step = "Wait, for as long as the registry says, and run it again."
        return RegistryError(f"The {verb} of {reference} failed: {_shortened(answer)}.", step)
    if trouble is Trouble.PUSHES_REFUSED and verb == "push":
        return RegistryError(
            f"{registry} takes no pushes: it answers 'method not allowed', as a cache does.",
            "Push to the registry behind it.",
        )
    if trouble in _NOT_THERE:
        return NotInRegistry(
            f"The registry {registry} has no {reference.within_registry}.",
            f"`tags({reference.repository!r})` lists what it has.",
        )
    if trouble is Trouble.LOGIN_WANTED:
        step = f"`docker login {registry}`"
        return RegistryError(f"{registry} wants a login for {reference}.", step)
    if trouble in _GONE:
        return RegistryGone(f"The registry {registry} broke off or cannot be reached.", _AGAIN)
    return RegistryError(f"The {verb} of {reference} failed: {_shortened(answer)}.", _AGAIN)


def _shortened(answer: str) -> str:
    return " ".join(answer.split())[:200].rstrip(".")
