"""Which engine this is: what it is known again by, and whether it is Podman's service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.model.text.answer_parts import text_in
from helpers.outside import visible_line


def is_podman(info: Mapping[str, Any]) -> bool:
    """Whether that `docker info` is of Podman, whose service adds the version of its builder."""
    return "BuildahVersion" in info


def engine_title(info: Mapping[str, Any]) -> str:
    """Its kind and version for people: 'Docker Engine 28.5.2'."""
    kind = "Podman" if is_podman(info) else "Docker Engine"
    return f"{kind} {visible_line(text_in(info, 'ServerVersion'))}"


def identity_of(info: Mapping[str, Any]) -> str:
    """What the engine of that `docker info` is known again by, in notes and names of locks.

    Podman makes up another id for each answer; where it keeps its images stays.
    """
    if is_podman(info):
        return f"podman {text_in(info, 'Name')} {text_in(info, 'DockerRootDir')}"
    return text_in(info, "ID")


def identity_format(info: Mapping[str, Any]) -> str:
    """What makes `docker info --format` tell the identity of an engine of that kind.

    The docker command itself passes over the field that tells a Podman.
    """
    return "podman {{.Name}} {{.DockerRootDir}}" if is_podman(info) else "{{.ID}}"
