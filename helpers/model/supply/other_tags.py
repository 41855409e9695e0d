"""What to say of an image that nobody has, where there is the same one with another tag."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference

_MOST = 3


def other_tags(reference: ImageReference, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that mean the same repository with another tag, as people type them."""
    others: dict[str, None] = {}
    for name in names:
        with suppress(InvalidInput):
            other = ImageReference.parse(name)
            same = (other.registry, other.repository) == (reference.registry, reference.repository)
            if same and other.tag and other.tag != reference.tag and not other.digest:
                others[other.familiar()] = None
    return tuple(others)


def step_by_tags(reference: ImageReference, names: Iterable[str]) -> str:
    """The next step for an image that nobody has, by the images that there are; "" for none."""
    if reference.digest or not (others := other_tags(reference, names)):
        return ""
    listed = " and ".join(f"`{name}`" for name in others[:_MOST])
    there = f"there {'is' if len(others) == 1 else 'are'} {listed}."
    if reference.tag == "latest":
        return f"Without a tag `latest` is meant; {there}"
    return f"T{there[1:]} For another tag its registry must be reached."
