"""What containers use, measured on the engine again and again."""

from helpers.engine.usage.feed import UsageFeed
from helpers.engine.usage.once import first_tick, usages_of

__all__ = ["UsageFeed", "first_tick", "usages_of"]
