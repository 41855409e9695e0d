"""`where_from(docker, names)`: which images can be had here, and from where."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.engine.docker import Docker
from helpers.engine.supply.image_sources import source_of
from helpers.views.kit.page import Page, table


def where_from(docker: Docker, names: Iterable[str]) -> Page:
    """One row for each image: the engine has it, or who would bring it, or that nobody can."""
    rows = [(name, source_of(docker.client, name)) for name in names]
    return table(("image", "can be had from"), rows)
