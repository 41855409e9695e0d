"""The image that a stand-in's archive becomes on an engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.tar_header import BLOCK_BYTES, modified_seconds
from helpers.engine.archive.writer import Content, image_archive
from helpers.engine.base.labels import STAND_IN, TRUST
from helpers.engine.bundle.blobs import stretch
from helpers.engine.host.trust import Trust
from helpers.engine.supply.source_failed import engine_answers, fail
from helpers.engine.supply.stand_in import StandIn
from helpers.engine.supply.trusted_layer import TrustedLayer
from helpers.model.image.imported import imported_config
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.text.answer_parts import error_in

if TYPE_CHECKING:
    from docker import DockerClient

# What `docker import` of Engine 20.10 does not take as a change, and `docker load` of all does.
_LOADED_ONLY = ("STOPSIGNAL ",)
_MEMBER = "000-layer.tar"


def put_on_engine(
    client: DockerClient, stand_in: StandIn, layer: TrustedLayer, reference: ImageReference
) -> None:
    """Returns when the engine has the image under that name; raises SourceFailed."""
    if not layer.trust and any(line.startswith(_LOADED_ONLY) for line in stand_in.instructions):
        _load(client, stand_in, reference.canonical())
        return
    changes = changes_of(stand_in, layer.trust)
    chunks = trusted_chunks(stand_in.path, layer)
    with engine_answers():
        client.api.import_image_from_stream(
            chunks, reference.familiar_name, reference.tag, changes=changes
        )


def _load(client: DockerClient, stand_in: StandIn, name: str) -> None:
    chunks = stretch(stand_in.path, 0, stand_in.size_bytes)
    layer = Content(_MEMBER, stand_in.size_bytes, chunks)
    with engine_answers():
        archive = image_archive(name, plain_config(stand_in), [_MEMBER], [layer])
        for message in client.api.load_image(archive):
            if error := error_in(message):
                raise fail(error)


def plain_config(stand_in: StandIn) -> bytes:
    """Its config without anything of this machine, with the date of the archive's root folder."""
    with stand_in.path.open("rb") as file:
        seconds = modified_seconds(file.read(BLOCK_BYTES))
    created = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    changes = changes_of(stand_in, Trust())
    return imported_config(changes, f"sha256:{stand_in.sha256}", Platform.here(), created)


def trusted_chunks(archive: Path, layer: TrustedLayer) -> Iterator[bytes]:
    """The bytes of a stand-in's archive for this machine's engine."""
    size_bytes = archive.stat().st_size
    plain = stretch(archive, 0, size_bytes)
    if not layer.trust:
        return plain
    return map(bytes, layer.passing(ByteStream(plain, size_bytes)))


def changes_of(stand_in: StandIn, trust: Trust) -> list[str]:
    """The image's settings as Dockerfile instructions, its labels among them."""
    variables = [f"ENV {key}={json.dumps(value)}" for key, value in trust.environment().items()]
    labels = [f"LABEL {STAND_IN}={json.dumps(stand_in.made_of)}"]
    if trust:
        labels.append(f"LABEL {TRUST}={trust.fingerprint}")
    return [*stand_in.instructions, *variables, *labels]
