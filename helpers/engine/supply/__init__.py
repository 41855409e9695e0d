"""Where images come from: this engine, a bundle, a mirror, a registry, or made on the spot."""

from helpers.engine.supply.image_supply import ImageSupply

__all__ = ["ImageSupply"]
