"""Volumes: what is in them."""
