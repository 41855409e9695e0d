"""The workbook's own engine: a dockerd that it starts, and stops without a trace."""

from helpers.engine.private.engine_release import STORES, EngineRelease, Store
from helpers.engine.private.private_engine import PrivateEngine

__all__ = ["STORES", "EngineRelease", "PrivateEngine", "Store"]
