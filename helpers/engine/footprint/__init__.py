"""Measuring what it costs to run one app in several ways, on the learner's own engine."""

from helpers.engine.footprint.compare import compare

__all__ = ["compare"]
