"""The last step of the chain: an image made on the spot of Debian's packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.engine_info import version_of
from helpers.engine.host.trust import Trust
from helpers.engine.supply.source_failed import SourceFailed, engine_answers
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.stand_in import StandIn, can_make, make, trust_for
from helpers.engine.supply.stand_in_image import put_on_engine
from helpers.engine.supply.trusted_layer import TrustedLayer
from helpers.errors import SetupFailed
from helpers.model.image.platform import Platform
from helpers.model.supply.bootstrap import BootstrapProgress
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.recipe import StandInRecipe
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

NOT_ALLOWED = "not allowed on an engine of your own without --allow-stand-ins"


class RecipeSource:
    """What the recipe of an image makes on this machine; `kind` is what it is told as."""

    kind: Source

    def __init__(self, client: DockerClient) -> None:
        self._client = client

    def check_machine(self) -> None:
        """Raises SourceFailed where it cannot be made here, or not for that engine."""
        able, reason = can_make()
        if not able:
            raise SourceFailed(reason)
        with engine_answers():
            theirs = Platform("linux", text_in(version_of(self._client), "Arch"))
        ours = Platform.here()
        if theirs.architecture and not theirs.matches(ours):
            raise SourceFailed(
                f"the engine runs on {theirs.architecture}, and this machine is {ours.architecture}"
            )

    def made(self, recipe: StandInRecipe, wanted: Wanted) -> StandIn:
        """Its archive, from the cache or made now; raises SourceFailed or Interrupted."""

        def report(progress: BootstrapProgress) -> None:
            wanted.on_progress(
                SupplyProgress(
                    wanted.name,
                    self.kind,
                    progress.stage,
                    share=progress.share,
                    detail=progress.detail,
                )
            )

        try:
            return make(recipe, report, wanted.cancelled)
        except SetupFailed as failed:
            raise SourceFailed(failed.message.rstrip(".")) from None


class StandInSource(RecipeSource):
    """Stand-ins for the catalogue's images, where they are allowed."""

    kind = Source.STAND_IN

    def __init__(self, client: DockerClient, is_allowed: bool) -> None:
        super().__init__(client)
        self._is_allowed = is_allowed

    def supply(self, wanted: Wanted) -> str:
        """Makes it, or takes it from the cache, and imports it under the official name."""
        image = lesson_image(wanted.reference)
        if image is None or image.stand_in is None:
            raise SourceFailed("there is none for it")
        if not self._is_allowed:
            raise SourceFailed(NOT_ALLOWED)
        self.check_machine()
        recipe = image.stand_in
        trust = trust_for(recipe)
        stand_in = self.made(recipe, wanted)
        wanted.on_progress(SupplyProgress(wanted.name, self.kind, "importing", share=0.99))
        put_on_engine(self._client, stand_in, TrustedLayer(trust, recipe), wanted.reference)
        return note_on(stand_in, trust)


def note_on(stand_in: StandIn, trust: Trust) -> str:
    """What to tell whoever gets the stand-in."""
    note = f"not the official image: made here of {stand_in.made_of}"
    if trust:
        note += f"; with {settings_in(trust)}: what is built on it and pushed carries them along"
    if trust.left_out:
        note += f"; left out: {', '.join(trust.left_out)}"
    return note


def settings_in(trust: Trust) -> str:
    """What of this machine goes into an image, in words."""
    count = len(trust.certificates)
    parts = {
        f"{count} certificate{'s' * (count != 1)}": trust.certificates,
        "pip settings": trust.pip,
        "proxies": trust.proxies,
    }
    return f"this machine's own {' and '.join(words for words, there in parts.items() if there)}"
