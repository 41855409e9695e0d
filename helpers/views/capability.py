"""What an engine can do, as a table."""

from __future__ import annotations

from helpers.model.capability import Capabilities
from helpers.views.page import Page, table

WORDS = {True: "yes", False: "no", None: "unknown"}


def capability_page(capabilities: Capabilities) -> Page:
    """One row for each capability: whether it is there, and what was found."""
    rows = [(item.title, WORDS[item.available], item.found) for item in capabilities.values()]
    return table(("this engine", "", "what was found by trying"), rows)
