"""A cluster, wished and observed: floor by floor, with the program between that makes it so.

A floor is a step from a Deployment to a container. A pod is a tile on the floor of the last program
that had to do with it, so that it falls from floor to floor as one program after the other runs.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from helpers.model.kubernetes.pod import Pod
from helpers.model.kubernetes.state import ClusterState
from helpers.outside import visible_line
from helpers.views.kit.marked import marked_html
from helpers.views.kit.page import Page, table
from helpers.views.kit.parts_view import Parts, PartsView
from helpers.views.kubernetes import words
from helpers.views.kubernetes.floors import Floor, floor_of, floors_of
from helpers.views.kubernetes.groups import Group, groups_of, tile_of
from helpers.views.kubernetes.picture import WIDTH, png


class ReconcileView(PartsView[ClusterState]):
    """The cluster as it was known last."""

    script = "reconcile.js"
    picture_width = WIDTH
    words = words.WORDS

    def page(self) -> Page:
        """A row for each floor, without names that are others in each run."""
        now = self.now
        floors = floors_of(now)
        rows = [
            (
                "; ".join(each.wished) or words.NOTHING,
                ", ".join(words.lamp_words(now, name) for name in each.programs),
                f"{each.sign} {'; '.join(each.observed)}".rstrip(" "),
            )
            for each in floors
        ]
        shown = table(words.HEADERS, rows, visible_line(words.title_of(now)))
        idle = [each.idle for each in floors if each.idle and each.is_as_wished is not None]
        lines = [visible_line(each) for each in (self._trouble(), *idle) if each]
        html = "".join(f"<p>{marked_html(line)}</p>" for line in lines)
        return Page(f"{shown.html}{html}", "\n".join([shown.text, *lines]))

    def alternative(self) -> str:
        """Every floor and every pod in words."""
        now = self.now
        lamps = ", ".join(words.lamp_words(now, name) for name in words.ROLES)
        pods = [words.pod_line(now, each) for group in groups_of(now) for each in group.pods]
        floors = [line for each in floors_of(now) for line in _floor_words(each)]
        trouble = [self._trouble()] if self._trouble() else []
        return " ".join([f"{words.title_of(now)}.", *trouble, f"{lamps}.", *floors, *pods])

    def picture(self) -> bytes:
        """The floors with their lamps and tiles."""
        return png(self.now)

    def parts(self) -> Parts:
        """The head, a part for each program, floor, group and pod."""
        now = self.now
        groups = groups_of(now)
        parts: Parts = {"head": self._head()}
        parts |= {f"floor/{each.id}": _floor_part(now, each) for each in floors_of(now)}
        parts |= {f"group/{each.id}": _group_part(each) for each in groups}
        parts |= {
            f"pod/{pod.meta.uid}": _pod_part(now, pod, group)
            for group in groups
            for pod in group.pods
        }
        return parts

    def _head(self) -> dict[str, Any]:
        hidden = len(self.now.pods) - words.MOST_PODS
        notes = [words.WORDS["about"]] if self.now.pods else []
        return {
            "title": words.title_of(self.now),
            "trouble": self._trouble(),
            "stale": not self.now.contact.connected,
            "notes": [*notes, *([f"Not shown: {hidden} pods more."] if hidden > 0 else [])],
        }

    def _trouble(self) -> str:
        contact = self.now.contact
        if contact.connected:
            return ""
        has_known = self.now.deployments or self.now.pods or self.now.nodes
        return f"{contact.words} {words.WORDS['last']}" if has_known else contact.words


def _floor_words(floor: Floor) -> list[str]:
    """A floor as sentences; none where nothing is wished."""
    if floor.is_as_wished is None:
        return []
    how = words.WORDS["same" if floor.is_as_wished else "differs"]
    seen = f"Observed, {how}: {'; '.join(floor.observed)}."
    return [f"Wished: {'; '.join(floor.wished)}.", seen, *([floor.idle] if floor.idle else [])]


def _floor_part(now: ClusterState, floor: Floor) -> dict[str, Any]:
    return {
        "id": floor.id,
        "lamps": [
            {"name": name, "role": words.ROLES[name], "state": words.lamp_state(now, name)}
            for name in floor.programs
        ],
        "wished": list(floor.wished),
        "rules": list(floor.rules),
        "observed": list(floor.observed),
        "notes": list(floor.notes),
        "idle": floor.idle,
        "sign": floor.sign,
        "state": {True: "same", False: "differs", None: "nothing"}[floor.is_as_wished],
    }


def _group_part(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "look": group.look,
        "line": group.line,
        "same": group.is_same,
        "at": int(group.created),
    }


def _pod_part(now: ClusterState, pod: Pod, group: Group) -> dict[str, Any]:
    return {
        "id": pod.meta.uid,
        "floor": floor_of(pod),
        "group": group.id,
        "at": int(pod.meta.created),
        **asdict(tile_of(now, pod)),
        "detail": words.pod_line(now, pod),
    }
