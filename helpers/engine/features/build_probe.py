"""Whether the engine builds with BuildKit when it is asked over its API alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import LESSON
from helpers.engine.base.origin_ledger import IMAGES, asked_for
from helpers.engine.base.packing import packed
from helpers.engine.base.removal import removed_afterwards
from helpers.engine.base.sdk import url_of
from helpers.engine.base.streaming import decoded
from helpers.model.features.feature import Feature
from helpers.model.text.answer_parts import error_in

if TYPE_CHECKING:
    from docker import DockerClient

_BUILD_SECONDS = 30
_TRACE = "moby.buildkit.trace"
Message = Mapping[str, object]


def buildkit_feature(client: DockerClient, labels: Mapping[str, str]) -> Feature:
    """What came of one tiny build, whose image is removed again."""
    name = f"workbook-probe:{secrets.token_hex(4)}"
    asked_for(client, labels[LESSON], IMAGES, name=name)
    remove = partial(client.api.remove_image, name, force=True)
    with removed_afterwards(remove), translated("docker build"):
        return judged(list(_build(client, name, labels)))


def judged(messages: list[Message]) -> Feature:
    """The feature that a build's messages prove."""
    errors = [error for message in messages if (error := error_in(message))]
    has_trace = any(message.get("id") == _TRACE for message in messages)
    if errors:
        available, observed = False, f"A build over the API failed ({errors[0]}): use the CLI's."
    elif has_trace:
        available, observed = True, "BuildKit builds over the API and tells each step."
    else:
        available, observed = (
            False,
            "Builds work, by the classic builder: no parallel steps, no cache mounts.",
        )
    return Feature("buildkit_api", available, observed)


def _build(client: DockerClient, name: str, labels: Mapping[str, str]) -> Iterator[Message]:
    labels_text = json.dumps(dict(labels))
    context = packed({"Dockerfile": b"FROM scratch\nCOPY probe /\n", "probe": b"workbook\n"})
    answer = client.api.post(
        url_of(client, "/build"),
        params={"version": 2, "t": name, "labels": labels_text, "rm": 1, "forcerm": 1},
        data=context,
        headers={"Content-Type": "application/x-tar"},
        timeout=_BUILD_SECONDS,
        stream=True,
    )
    with answer:
        if not answer.ok:
            yield {"error": answer.text.strip()}
            return
        yield from decoded(answer.iter_content(chunk_size=None))
