"""Whose engine it is, which decides what there is to do about its faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DOCKER, DOCKER_DESKTOP, PODMAN = "Docker Engine", "Docker Desktop", "Podman"


def engine_kind(info: Mapping[str, Any], version: Mapping[str, Any]) -> str:
    """One of the three, by the answers to GET /info and GET /version."""
    if DOCKER_DESKTOP in str(info.get("OperatingSystem", "")):
        return DOCKER_DESKTOP
    parts = version.get("Components") or []
    return PODMAN if any(PODMAN in str(part.get("Name")) for part in parts) else DOCKER
