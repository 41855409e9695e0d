"""An npm package by its own package.json.

Source: https://docs.npmjs.com/cli/configuring-npm/package-json
"""

from __future__ import annotations

import json

from helpers.model.bill.component import Component, plain


def npm_component(text: str, location: str) -> Component | None:
    """The package; None where the file is no JSON object with a name and a version."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    name, version = plain(document.get("name")), plain(document.get("version"))
    terms = document.get("license")
    if isinstance(terms, dict):
        terms = terms.get("type")
    if not name or not version:
        return None
    return Component("npm", name, version, license=plain(terms), location=location)
