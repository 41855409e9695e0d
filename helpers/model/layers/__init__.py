"""Layers: their files, laid over each other, and what that wastes."""
