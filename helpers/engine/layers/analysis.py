"""The layers of an image on an engine: at once from its metadata, then file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import id_in, needed_table
from helpers.engine.layers import cache
from helpers.engine.layers.assemble import assembled
from helpers.engine.layers.engine_source import EngineSource, diff_ids_of, engine_history
from helpers.model.image.history import aligned
from helpers.model.layers.image_layers import ImageLayers, Layer
from helpers.model.layers.layer_progress import OnProgress
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient


def analyse(
    client: DockerClient,
    name: str,
    on_progress: OnProgress | None = None,
    *,
    use_storage: bool = True,
) -> ImageLayers:
    """The layers of an image with all their files, changes and waste.

    Layers that were ever read come from the cache; others from the engine's storage where this
    process can read it (and use_storage is true), else from what the engine saves. Raises
    NoSuchImage, EngineGone, UnreadableImage.
    """
    inspected = inspected_image(client, name)
    source = EngineSource(client, inspected, on_progress, use_storage=use_storage)
    return assembled(name, diff_ids_of(inspected), source, on_progress)


def summary(client: DockerClient, name: str) -> tuple[Layer, ...]:
    """The layers of an image at once, without their changes; sizes as `docker history` has them.

    Which steps made no layer is exact for an image that was analysed before; else it follows
    from the sizes and the instructions.
    """
    inspected = inspected_image(client, name)
    diff_ids = diff_ids_of(inspected)
    entries = engine_history(client, inspected)
    history = cache.load_history(id_in(inspected, "docker image inspect")) or entries
    sizes = [entry.size_bytes or 0 for entry in entries] if len(history) == len(entries) else []
    return tuple(
        Layer(
            index,
            entry.instruction,
            entry.created_by,
            diff_id,
            sizes[index] if index < len(sizes) else 0,
            is_empty=not diff_id,
        )
        for index, (entry, diff_id) in enumerate(aligned(history, diff_ids))
    )


def inspected_image(client: DockerClient, name: str) -> dict[str, Any]:
    """What the engine says of that image; raises NoSuchImage or EngineGone."""
    with translated(docker_line("image", "inspect", name)):
        return needed_table(client.api.inspect_image(name), "docker image inspect")
