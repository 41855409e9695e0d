"""`what_happened(container)`: the engine's own account, step by step."""

from __future__ import annotations

from helpers.engine.container.container import Container
from helpers.notebook.session import the_container
from helpers.views.kit.page import Page
from helpers.views.kit.steps import steps_table


def what_happened(container: Container | str) -> Page:
    """Each event of the container's life so far, with the time since the first.

    Raises NoSuchContainer where there is none of that name.
    """
    return steps_table(the_container(container).events())
