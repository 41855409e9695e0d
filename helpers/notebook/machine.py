"""`feature_table(docker)`: what this engine can do."""

from __future__ import annotations

from helpers.engine.docker import Docker
from helpers.views.features.feature_page import feature_page
from helpers.views.kit.page import Page


def feature_table(docker: Docker) -> Page:
    """What this engine and its kernel can and cannot do, found by trying."""
    return feature_page(docker.features)
