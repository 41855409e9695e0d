"""Images read layer by layer: from an engine's storage, or from what it saves."""

from helpers.engine.layers.analysis import analyse, summary

__all__ = ["analyse", "summary"]
