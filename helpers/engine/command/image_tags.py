"""The tags that a typed command gives to an image, noted so that clean-up knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import IMAGES, MadeObject, asked_for, forget
from helpers.errors import EngineError

if TYPE_CHECKING:
    from docker import DockerClient


def leads_to(client: DockerClient, name: str) -> tuple[str, ...]:
    """The id of the image of that name; nothing where there is none, or where it is no name."""
    try:
        return (id_in(client.api.inspect_image(name), "docker inspect"),) if name else ()
    except APIError:
        return ()


@contextmanager
def noted_tags(context: EngineContext, tags: Iterable[str]) -> Iterator[None]:
    """A block that may give these tags: where one leads elsewhere behind it, that is noted."""
    client = context.client
    notes = [
        asked_for(client, context.lesson, IMAGES, name=tag, before=leads_to(client, tag))
        for tag in dict.fromkeys(tags)
    ]
    try:
        yield
    finally:
        for note in notes:
            _settle(client, note)


def _settle(client: DockerClient, note: MadeObject) -> None:
    try:
        now = leads_to(client, note.name)
    except (DockerException, RequestException, EngineError):
        return  # the note stays: for a day its tag and its label are enough
    if not now or now == note.before:
        forget([note])
    else:
        note.made(now[0])
