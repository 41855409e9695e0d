"""The doctor's check of Docker Hub: reached from here or not, and what that means."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from helpers.doctor.check import Check, Status
from helpers.engine.registry.reachability import PullQuota, Reachability, pulls_left, reachability
from helpers.engine.supply.public_copies import answering_copy
from helpers.errors import WorkbookError
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import images_for

FEW_PULLS = 10
_NAME, _TITLE = "registry", "Docker Hub"
_FIRST_LESSON = "00"


@dataclass(frozen=True)
class Supplies:
    """What there is without Docker Hub: images of the lessons that lack, and another source."""

    missing: tuple[str, ...] = ()
    other_source: str = ""
    first_lesson_runs: bool = True


def registry_check(supplies: Supplies | None) -> Check:
    """Docker Hub as it is now, for a machine with these supplies (None: no engine to have any)."""
    answer = reachability()
    if answer.is_reachable:
        return registry_row(answer, pulls_left(), supplies)
    return registry_row(answer, None, supplies and _with_copies(supplies))


def registry_row(answer: Reachability, quota: PullQuota | None, supplies: Supplies | None) -> Check:
    """What a registry's answer means; without one, lessons need images or another source."""
    if answer.is_reachable:
        return _reached(quota)
    observed = f"Not reached from here ({answer.observed})"
    if supplies is None:
        return Check(_NAME, _TITLE, "warning", f"{observed}.")
    if not supplies.missing:
        return Check(_NAME, _TITLE, "warning", f"{observed}; the images of the lessons are here.")
    if supplies.other_source:
        return Check(
            _NAME, _TITLE, "warning", f"{observed}; images come from {supplies.other_source}."
        )
    lacking = f"{observed}, and the engine lacks {', '.join(supplies.missing)}."
    step = (
        "Run `./workbook lab --from ADDRESS`, as your instructor shows it, or `./workbook lab "
        "--allow-stand-ins` (or set WORKBOOK_BUNDLE or WORKBOOK_MIRROR)."
    )
    status: Status = "warning" if supplies.first_lesson_runs else "problem"
    return Check(_NAME, _TITLE, status, lacking, step)


def supplies_of(tags: Iterable[str], is_private: bool) -> Supplies:
    """The supplies of an engine that has images of these names."""
    here = {_reference(tag) for tag in tags}
    return Supplies(
        missing=_missing(here, None),
        other_source=_other_source(is_private),
        first_lesson_runs=not _missing(here, [_FIRST_LESSON]),
    )


def _with_copies(supplies: Supplies) -> Supplies:
    """The same, where a public copy of what lacks answers; those come before any stand-in."""
    if _set_source():
        return supplies
    copies = (answering_copy(ImageReference.parse(name)) for name in supplies.missing)
    copy = next(filter(None, copies), None)
    return replace(supplies, other_source=f"{copy.title}, which has copies") if copy else supplies


def _reached(quota: PullQuota | None) -> Check:
    if quota is None or quota.remaining is None:
        return Check(_NAME, _TITLE, "ok", "Reached; it names no limit of pulls.")
    hours = f" in {quota.window_seconds // 3600} hours" if quota.window_seconds else ""
    observed = f"Reached; {quota.remaining} of {quota.limit} pulls{hours} are left without a login."
    if quota.remaining >= FEW_PULLS:
        return Check(_NAME, _TITLE, "ok", observed)
    step = "Log in (`docker login`), or set WORKBOOK_MIRROR to a mirror of your classroom."
    return Check(_NAME, _TITLE, "warning", observed, step)


def _missing(here: set[ImageReference | None], lessons: Sequence[str] | None) -> tuple[str, ...]:
    needed = images_for(lessons)
    return tuple(image.name for image in needed if _reference(image.name) not in here)


def _reference(name: str) -> ImageReference | None:
    try:
        return ImageReference.parse(name)
    except WorkbookError:
        return None


def _other_source(is_private: bool) -> str:
    may_stand_in = is_private or os.environ.get("WORKBOOK_ALLOW_STAND_INS") == "1"
    stand_ins = "stand-ins, made of the distribution's packages"
    return _set_source() or (stand_ins if may_stand_in else "")


def _set_source() -> str:
    if os.environ.get("WORKBOOK_BUNDLE"):
        return "the bundle in WORKBOOK_BUNDLE"
    if os.environ.get("WORKBOOK_FROM"):
        return "the room's server in WORKBOOK_FROM"
    if os.environ.get("WORKBOOK_MIRROR"):
        return "the mirror in WORKBOOK_MIRROR"
    return ""
