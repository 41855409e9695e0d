"""An image's name taken apart: what each part is, and which parts were filled in."""

from __future__ import annotations

from helpers.model.image.reference import ImageReference
from helpers.views.kit.page import Page, table


def name_parts(text: str, reference: ImageReference) -> Page:
    """A row for each part of the name: what it is, and whether it was written or filled in."""
    first, slash, _ = text.partition("/")
    has_host = bool(slash) and (reference.registry != "docker.io" or first.endswith("docker.io"))
    name = reference.repository.rpartition("/")[2]
    namespace_written = f"{reference.namespace}/" in text
    has_tag = reference.tag is not None and f":{reference.tag}" in text
    rows = [
        ("registry", reference.registry, _by(has_host)),
        ("namespace", reference.namespace or "none", _by(namespace_written, reference.namespace)),
        ("name", name, _by(True)),
        ("tag", reference.tag or "none", _by(has_tag, reference.tag)),
        ("digest", reference.digest or "none", _by(True, reference.digest)),
    ]
    return table(("part", "value", ""), rows, reference.canonical())


def _by(is_written: bool, value: str | None = "some") -> str:
    if not value:
        return ""
    return "" if is_written else "filled in by Docker"
