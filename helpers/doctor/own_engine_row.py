"""What the doctor says about the packages of the workbook's own engine."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.doctor.check import Check
from helpers.engine.debian.newer import fetch_anew, newer_versions, size_bytes
from helpers.engine.private import EngineRelease
from helpers.errors import SetupFailed
from helpers.model.text.units import format_bytes

NAME, TITLE = "packages", "Own engine's packages"
_FEW = 3


def own_engine_check(release: EngineRelease) -> Check:
    """Their size, and whether the archive has newer ones; then the next start fetches them."""
    tree = release.tree()
    size = f"{format_bytes(size_bytes(tree))} of Debian {tree.suite}, only unpacked"
    try:
        newer = newer_versions(release.recipe, tree)
    except SetupFailed as problem:
        return Check(NAME, TITLE, "ok", f"{size}; whether newer ones are there: {problem.message}")
    if newer:
        fetch_anew(tree)
    return packages_row(size, newer)


def packages_row(size: str, newer: Mapping[str, str]) -> Check:
    """The row of packages of that size, with the newer ones that there are."""
    if not newer:
        return Check(NAME, TITLE, "ok", f"{size}; there are no newer ones.")
    few = [f"{name} {version}" for name, version in list(newer.items())[:_FEW]]
    more = f" and {len(newer) - _FEW} more" if len(newer) > _FEW else ""
    observed = f"{size}; there are newer ones: {', '.join(few)}{more}."
    return Check(NAME, TITLE, "ok", observed, "`./workbook lab` fetches them when it next starts.")
