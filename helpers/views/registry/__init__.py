"""Pushes and pulls, layer by layer."""
