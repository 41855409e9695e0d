"""The packages of a tree: those that are wanted, and all that they need."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from helpers.errors import SetupFailed
from helpers.model.debian.package import Alternatives, Package
from helpers.model.debian.package_index import Index


class MissingPackage(SetupFailed):
    """A suite lacks a package, or what one needs."""


def closure(index: Index, wanted: Iterable[str], without: Collection[str] = ()) -> list[Package]:
    """The wanted packages and what they need (Pre-Depends and Depends), by name.

    What is in `without` counts as there. Raises MissingPackage.
    """
    chosen: dict[str, Package] = {}
    waiting: deque[tuple[Alternatives, str]] = deque(((name,), "") for name in wanted)
    while waiting:
        alternatives, needed_by = waiting.popleft()
        names = _candidates(index, alternatives)
        if any(name in chosen or name in without for name in (*alternatives, *names)):
            continue
        package = index.package(names[0]) if names else None
        if package is None:
            reason = f", which {needed_by} needs" if needed_by else ""
            raise MissingPackage(f"It has no package {' or '.join(alternatives)}{reason}.")
        chosen[package.name] = package
        waiting.extend((need, package.name) for need in package.needs)
    return sorted(chosen.values(), key=lambda package: package.name)


def _candidates(index: Index, alternatives: Alternatives) -> list[str]:
    """The packages that meet the need, best first: as it names them, then who provides them."""
    real = [name for name in alternatives if index.has(name)]
    return [*real, *(other for name in alternatives for other in index.providers(name))]
