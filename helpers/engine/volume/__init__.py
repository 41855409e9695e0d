"""Volumes of an engine, and what is in them."""
