"""What Docker Hub says of its images, in its own words and numbers; or why it says nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.outside import visible_line, visible_repr

_SHOWN = 60


@dataclass(frozen=True)
class HubImage:
    """A repository on Docker Hub; None and '' stand for what it does not tell.

    `updated` is a date as in '2026-03-14'.
    """

    name: str
    description: str
    stars: int | None
    pulls: int | None
    is_official: bool
    updated: str = ""

    @classmethod
    def from_search(cls, answer: Mapping[str, Any]) -> HubImage:
        """The image of a search's result."""
        return cls(
            str(answer["repo_name"]),
            str(answer.get("short_description") or ""),
            _count(answer.get("star_count")),
            _count(answer.get("pull_count")),
            bool(answer.get("is_official")),
        )

    @classmethod
    def from_page(cls, answer: Mapping[str, Any]) -> HubImage:
        """The image of a repository's page; what is in `library` is official."""
        namespace, name = str(answer["namespace"]), str(answer["name"])
        official = namespace == "library"
        return cls(
            name if official else f"{namespace}/{name}",
            str(answer.get("description") or ""),
            _count(answer.get("star_count")),
            _count(answer.get("pull_count")),
            official,
            str(answer.get("last_updated") or "")[:10],
        )

    @visible_repr
    def __repr__(self) -> str:
        facts = ["an official image" if self.is_official else "a user's image"]
        facts += [f"{self.pulls:,} pulls"] if self.pulls is not None else []
        facts += [f"{self.stars:,} stars"] if self.stars is not None else []
        facts += [f"updated {self.updated}"] if self.updated else []
        words = visible_line(f"{self.name}: {', '.join(facts)}.")
        return f"{words}\n{visible_line(self.description)}" if self.description else words


@dataclass(frozen=True, repr=False)
class HubFindings:
    """What a search found, most fitting first; `total` is how many there are in all."""

    query: str
    total: int
    images: tuple[HubImage, ...]

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"{self.total:,} images for {self.query!r}"]
        width = max((len(image.name) for image in self.images), default=0)
        for image in self.images:
            mark = "official" if image.is_official else ""
            text = textwrap.shorten(image.description, _SHOWN, placeholder="…")
            lines.append(visible_line(f"  {image.name:<{width}}  {mark:<8}  {text}".rstrip()))
        return "\n".join(lines)


@dataclass(frozen=True)
class PullsLeft:
    """How many pulls Docker Hub still allows; `hours` is the time for which the limit counts."""

    remaining: int
    limit: int | None
    hours: int | None

    @visible_repr
    def __repr__(self) -> str:
        of = f" of {self.limit}" if self.limit is not None else ""
        window = f" in {self.hours} hours" if self.hours else ""
        return f"{self.remaining}{of} pulls{window} are left for this address, without a login"


@dataclass(frozen=True)
class NoAnswer:
    """Why there is no answer, in words."""

    reason: str

    @visible_repr
    def __repr__(self) -> str:
        return f"Docker Hub did not tell: {visible_line(self.reason)}"

    def __bool__(self) -> bool:
        return False


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
