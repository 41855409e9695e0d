"""Whose engine it is, which decides what there is to do about its faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.model.text.answer_parts import tables_of, text_in

DOCKER, DOCKER_DESKTOP, PODMAN = "Docker Engine", "Docker Desktop", "Podman"


def engine_kind(info: Mapping[str, Any], version: Mapping[str, Any]) -> str:
    """One of the three, by the answers to GET /info and GET /version."""
    if DOCKER_DESKTOP in text_in(info, "OperatingSystem"):
        return DOCKER_DESKTOP
    parts = tables_of(version, "Components")
    return PODMAN if any(PODMAN in text_in(part, "Name") for part in parts) else DOCKER
