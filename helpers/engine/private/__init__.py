"""The workbook's own engine: a dockerd that it starts, and stops without a trace."""

from helpers.engine.private.private_engine import PrivateEngine

__all__ = ["PrivateEngine"]
