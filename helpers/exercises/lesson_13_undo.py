"""How lesson 13's exercise on a bad version is judged: by the revisions of a Deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.exercises.lesson_13_checks import Observed, is_as_wished, observed_by
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.kubernetes.workload import Workload
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from helpers.engine.docker import Docker

NEWS = "news"
OLD, BAD = "shop:1", "shop:2"
FEWEST_PODS = 3
UNDO_EXPECTED = (
    f"{FEWEST_PODS} pods of `{NEWS}` run {OLD} and are ready, in a revision that is newer than "
    f"the one with {BAD}, and the Deployment is the one that it was"
)


def check_undo(docker: Docker) -> Finding:
    """Whether a rollout that was stuck was taken back."""
    answer = observed_by(docker, _is_at_rest, "events")
    return answer if isinstance(answer, Finding) else judged_undo(answer)


def _is_at_rest(observed: Observed) -> bool:
    deployment = observed.deployment(NEWS)
    is_other = deployment is not None and deployment.image != OLD
    return is_other or is_as_wished(observed, NEWS)


def judged_undo(observed: Observed) -> Finding:
    """The same, by what the cluster observed."""
    deployment = observed.deployment(NEWS)
    if deployment is None:
        return not_started(f"There is no Deployment `{NEWS}` yet.", UNDO_EXPECTED)
    return (
        _other_image(deployment)
        or _nothing_undone(observed, deployment)
        or _short(deployment)
        or passed(
            f"`{NEWS}` is at {OLD} again, in revision {deployment.revision}, and was there all "
            "the time."
        )
    )


def _other_image(deployment: Workload) -> Finding | None:
    if deployment.image == OLD:
        return None
    if deployment.image == BAD:
        return not_started(
            f"`{NEWS}` is to become {BAD}: {deployment.updated} pods of that, and "
            f"{deployment.ready} old ones that answer.",
            UNDO_EXPECTED,
        )
    return not_yet(
        f"`{NEWS}` is to have the image {deployment.image or 'of nobody'}.",
        UNDO_EXPECTED,
        f"Which revisions does `%kubectl rollout history deployment/{NEWS}` list, and which one "
        f"had {OLD}?",
    )


def _nothing_undone(observed: Observed, deployment: Workload) -> Finding | None:
    """The finding where this Deployment never had the bad image."""
    if any(each.image == BAD for each in observed.state.sets_of(deployment)):
        return None
    if _had_another(observed, deployment):
        return not_yet(
            f"This `{NEWS}` is at revision {deployment.revision} and never had {BAD}: the one "
            "before was deleted.",
            UNDO_EXPECTED,
            "What did its users see meanwhile? Which command goes back, and deletes nothing?",
        )
    return not_started(
        f"`{NEWS}` is at revision {deployment.revision}, and nobody has ordered {BAD}.",
        UNDO_EXPECTED,
    )


def _had_another(observed: Observed, deployment: Workload) -> bool:
    """Whether events tell of a Deployment of that name that was another one."""
    subjects = [each.get("involvedObject") for each in observed.of_kind("Event")]
    uids = {
        text_in(each, "uid")
        for each in subjects
        if (text_in(each, "kind"), text_in(each, "name")) == ("Deployment", NEWS)
    }
    return bool(uids - {deployment.meta.uid, ""})


def _short(deployment: Workload) -> Finding | None:
    if deployment.is_as_wished and deployment.ready >= FEWEST_PODS:
        return None
    return not_yet(
        f"`{NEWS}` has {deployment.there} pods, of which {deployment.ready} are ready, and "
        f"{deployment.wished} are ordered{', and is paused' if deployment.is_paused else ''}.",
        UNDO_EXPECTED,
        f"What does `%kubectl rollout status deployment/{NEWS} --timeout=10s` wait for?",
    )
