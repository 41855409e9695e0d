"""`capability_table(docker)`: what this engine can do."""

from __future__ import annotations

from helpers.engine.engine import Docker
from helpers.views.capability import capability_page
from helpers.views.page import Page


def capability_table(docker: Docker) -> Page:
    """What this engine and its kernel can and cannot do, found by trying."""
    return capability_page(docker.capabilities)
