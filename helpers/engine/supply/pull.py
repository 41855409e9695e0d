"""Pulling an image through the engine, with the bytes of all layers summed."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from docker.errors import APIError
from requests.exceptions import RequestException

from helpers.engine.base.pump import Silent, pumped
from helpers.engine.base.sdk import registry_of
from helpers.engine.base.streaming import PostedStream
from helpers.engine.registry.login import login_for
from helpers.engine.supply.source_failed import SourceFailed, engine_answers, fail
from helpers.model.supply.supply import LayerTotals
from helpers.model.text.trouble import Trouble

if TYPE_CHECKING:
    from docker import DockerClient

IDLE_SECONDS = 60.0


def pull(
    client: DockerClient,
    repository: str,
    tag: str,
    cancelled: threading.Event,
    idle_seconds: float = IDLE_SECONDS,
) -> Iterator[LayerTotals]:
    """The totals as they grow, until the image is there.

    Raises SourceFailed, also where nothing comes for idle_seconds, and Interrupted. Ending early
    ends the engine's pull; layers that were whole by then need not be fetched again.
    """
    login = login_for(client, registry_of(repository))
    headers = {"X-Registry-Auth": login} if login else {}
    question = {"fromImage": repository, "tag": tag}
    # Silence is the pump's to notice; the socket's own time-out only frees its thread in the end.
    stream = PostedStream(client, "/images/create", question, headers, 2 * idle_seconds)
    with engine_answers(), closing(_totals(stream, cancelled, idle_seconds)) as totals:
        try:
            yield from totals
        finally:
            stream.hang_up()


def _totals(
    stream: PostedStream, cancelled: threading.Event, idle_seconds: float
) -> Generator[LayerTotals, None, None]:
    totals, grown = LayerTotals(), time.monotonic()
    try:
        for message in pumped(stream, cancelled, idle_seconds):
            if error := message.get("error"):
                raise fail(str(error))
            after = totals.after(message)
            # With containerd's store an engine repeats how far a download is, also of a dead one.
            if after != totals or message.get("status") != "Downloading":
                grown = time.monotonic()
            elif time.monotonic() - grown > idle_seconds:
                raise Silent
            if after != totals:
                totals = after
                yield totals
    except Silent:
        raise SourceFailed(
            f"nothing came for {idle_seconds:.0f} s", Trouble.NO_ANSWER_IN_TIME
        ) from None
    except RequestException as error:
        if isinstance(error, APIError) or not stream.has_begun:
            raise
        raise SourceFailed("the transfer broke off") from None
