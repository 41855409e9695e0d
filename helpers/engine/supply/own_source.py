"""The source of images that are the workbook's own: made on the engine itself, then cached."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.engine.base.engine_info import version_of
from helpers.engine.base.labels import MADE_OF, RECIPE
from helpers.engine.supply.source_failed import engine_answers
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.vm_tools import BASE, recipe_key, tools_archive
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

_SHARES = {"fetching packages": 0.1, "laying them out": 0.6}


class OwnSource:
    """The VM tools; `supply_base` brings the image that they are made in."""

    kind = Source.OWN

    def __init__(self, client: DockerClient, supply_base: Callable[[str, Wanted], None]) -> None:
        self._client = client
        self._supply_base = supply_base

    def supply(self, wanted: Wanted) -> str:
        """Makes it, or takes it from the cache, and imports it under its name."""

        def tell(stage: str) -> None:
            share = _SHARES.get(stage, 0.9)
            wanted.on_progress(SupplyProgress(wanted.name, self.kind, stage, share=share))

        with engine_answers():
            architecture = text_in(version_of(self._client), "Arch")
        made = tools_archive(
            self._client,
            architecture,
            lambda: self._supply_base(BASE, wanted),
            tell,
            wanted.cancelled,
        )
        tell("importing")
        name, tag = wanted.reference.familiar_name, wanted.reference.tag
        with engine_answers():
            self._client.api.import_image(
                str(made.path), name, tag, changes=changes_of(made.made_of)
            )
        return f"made here of {made.made_of}"


def changes_of(made_of: str) -> list[str]:
    """The image's settings as Dockerfile instructions; its label says who made it, and of what."""
    return [
        "ENV PATH=/bin",
        'CMD ["vm-boot"]',
        f"LABEL {MADE_OF}={json.dumps(made_of)}",
        f"LABEL {RECIPE}={recipe_key()}",
    ]
