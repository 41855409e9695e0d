"""Registries: spoken to, run in a container, kept as a cache; and Docker Hub."""
