"""`what_happened(container)`: the engine's own account, step by step."""

from __future__ import annotations

from helpers.engine.container.container import Container
from helpers.views.kit.page import Page
from helpers.views.kit.steps import steps_table


def what_happened(container: Container) -> Page:
    """Each event of the container's life so far, with the time since the first."""
    return steps_table(container.events())
