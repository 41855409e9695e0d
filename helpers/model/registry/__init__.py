"""Pushes and pulls, and what Docker Hub tells."""
