"""The engine's own account of what happened."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docker.errors import DockerException
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.engine_info import info_of
from helpers.model.container.event import EngineEvent, masks_in
from helpers.model.text.answer_parts import moment_in

if TYPE_CHECKING:
    from docker import DockerClient

LOST = (DockerException, RequestException, HTTPError, OSError, ValueError)
# Podman ends its answer when that time has come, wherever it is in what it has noted by then.
_AHEAD_SECONDS = 0.3
_log = logging.getLogger(__name__)


def events_of(
    client: DockerClient,
    container_id: str,
    since: str | float | None = None,
    labels: Iterable[str] = (),
) -> list[EngineEvent]:
    """The events of a container from that time to now, by the engine's own clock.

    `since` is RFC 3339 or seconds since 1970; without it all that the engine still knows, even
    where the container was removed. What labels of these names hide in them is left out.
    """
    begin = moment_in({"since": since}, "since") if isinstance(since, str) else since
    info = info_of(client)
    end = clock_of(info) + (_AHEAD_SECONDS if is_podman(info) else 1e-6)
    messages = client.events(
        since="1" if begin is None else f"{begin:.6f}",
        until=f"{end:.6f}",
        filters={"container": container_id},
        decode=True,
    )
    masks = masks_in(labels)
    events = (EngineEvent.from_message(each) for each in messages if isinstance(each, dict))
    return [event.without(masks) for event in events]


def engine_seconds(client: DockerClient) -> float:
    """The engine's own clock, in seconds since 1970."""
    return clock_of(info_of(client))


def clock_of(info: Mapping[str, Any]) -> float:
    """The time that the engine says it is; this machine's where it says none."""
    return moment_in(info, "SystemTime") or time.time()


def close_stream(stream: Any) -> None:
    """Ends a stream even while another thread reads it; closing it twice is no matter."""
    try:
        if stream is not None:
            stream.close()
    except (AttributeError, OSError, DockerException):
        _log.debug("a stream was closed already", exc_info=True)
