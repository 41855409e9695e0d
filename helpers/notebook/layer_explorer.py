"""`layer_explorer(image)`: which instruction brought which bytes, and which later one hid them."""

from __future__ import annotations

from helpers.engine.image.image import Image
from helpers.notebook.session import the_image
from helpers.views.layers.layer_explorer import LayerExplorer, OtherImage


def layer_explorer(image: Image | str, other: Image | str | None = None) -> LayerExplorer:
    """The layers of an image to look into; with `other`, what the two share as well.

    The layers are there at once, the files as soon as they are read. Raises NoSuchImage where the
    engine has lost one of them, EngineGone without an engine.
    """
    image = the_image(image)
    other = the_image(other) if other is not None else None
    beside = OtherImage(other.name, other.outline()) if other else None
    return LayerExplorer(image.name, image.outline(), image.read, beside)
