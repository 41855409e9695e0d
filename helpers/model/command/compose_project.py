"""A Compose project as Compose itself reads its files: services, their images and their builds.

Source: what `docker compose config --format json` prints, in the form of the Compose
Specification.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from helpers.model.build.settings import STDIN

_NOT_SUPPLIED = ("always", "never", "build")


@dataclass(frozen=True)
class ComposeBuild:
    """A build of a service: `dockerfile` is a path, or "-" for the `text` in the compose file."""

    context: str
    dockerfile: str
    text: str = ""
    target: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ComposeService:
    """`image` is the name of its image, also of one that is built; `build` says how, or is None."""

    name: str
    image: str
    pull_policy: str = ""
    build: ComposeBuild | None = None

    @property
    def is_supplied(self) -> bool:
        """Whether its image comes from elsewhere, and only where it is missing."""
        return self.build is None and bool(self.image) and self.pull_policy not in _NOT_SUPPLIED


@dataclass(frozen=True)
class ComposeProject:
    """A project and those of its services that a command is about."""

    name: str
    services: tuple[ComposeService, ...] = ()

    @property
    def supplied_images(self) -> tuple[str, ...]:
        """The images that are supplied where they are missing, each once."""
        return tuple(dict.fromkeys(each.image for each in self.services if each.is_supplied))

    @property
    def built(self) -> tuple[ComposeService, ...]:
        """The services whose images are built."""
        return tuple(each for each in self.services if each.build is not None)


def read_project(text: str) -> ComposeProject | None:
    """The project that Compose printed as JSON; None where that is none."""
    try:
        document = json.loads(text)
        name = str(document["name"])
        services = (document.get("services") or {}).items()
        return ComposeProject(name, tuple(_service(name, key, value) for key, value in services))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _service(project: str, name: str, about: Mapping[str, Any]) -> ComposeService:
    build = about.get("build")
    image = about.get("image") or (f"{project}-{name}" if build is not None else "")
    return ComposeService(
        name, str(image), str(about.get("pull_policy") or ""), _build(build) if build else None
    )


def _build(about: Mapping[str, Any]) -> ComposeBuild:
    context, text = str(about.get("context") or "."), about.get("dockerfile_inline")
    path = str(PurePath(context, str(about.get("dockerfile") or "Dockerfile")))
    arguments = {
        key: str(value) for key, value in (about.get("args") or {}).items() if value is not None
    }
    return ComposeBuild(
        context,
        path if text is None else STDIN,
        str(text or ""),
        str(about.get("target") or ""),
        arguments,
    )
