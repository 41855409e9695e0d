"""The source of the workbook's own image that is made of Debian's packages: a cluster's.

It has no official name to take, so it needs no consent; its label says what it is made of.
"""

from __future__ import annotations

import json

from helpers.engine.base.labels import MADE_OF, RECIPE
from helpers.engine.supply.own_image import key_of_own
from helpers.engine.supply.source_failed import SourceFailed, engine_answers
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.stand_in_source import RecipeSource
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.supply import Source, SupplyProgress


class OwnRecipeSource(RecipeSource):
    """An image of the catalogue that is the workbook's own, and has a recipe."""

    kind = Source.OWN

    def supply(self, wanted: Wanted) -> str:
        """Makes its archive, or takes it from the cache, and imports it under its name."""
        image = lesson_image(wanted.reference)
        if image is None or image.stand_in is None:
            raise SourceFailed("there is no recipe for it")
        self.check_machine()
        made = self.made(image.stand_in, wanted)
        wanted.on_progress(SupplyProgress(wanted.name, self.kind, "importing", share=0.99))
        labels = {MADE_OF: made.made_of, RECIPE: key_of_own(image)}
        changes = [f"LABEL {name}={json.dumps(value)}" for name, value in labels.items()]
        with engine_answers():
            self._client.api.import_image(
                str(made.path),
                wanted.reference.familiar_name,
                wanted.reference.tag,
                changes=[*made.instructions, *changes],
            )
        return f"made here of {made.made_of}"
