"""What an engine can do, as a table."""

from __future__ import annotations

from helpers.model.features.feature import Features
from helpers.views.kit.page import Page, table

WORDS = {True: "yes", False: "no", None: "unknown"}


def feature_page(features: Features) -> Page:
    """One row for each feature: whether it is there, and what was found."""
    rows = [(item.title, WORDS[item.available], item.observed) for item in features.values()]
    return table(("this engine", "", "what was found by trying"), rows)
