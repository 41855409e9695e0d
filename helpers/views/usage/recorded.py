"""What was recorded of containers' usage: a still picture, its facts as text."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.model.container.event import EngineEvent
from helpers.model.usage.usage import Usage
from helpers.outside import visible_repr
from helpers.views.usage import picture as usage_picture
from helpers.views.usage.record import Member
from helpers.views.usage.words import member_line, title_of


@dataclass(frozen=True, repr=False)
class Recorded:
    """The picture, with the limits and the events as text; the numbers are the picture's alt."""

    members: Sequence[Member]
    usages: Sequence[tuple[Member, Usage]]
    events: Sequence[tuple[int, EngineEvent]]

    @visible_repr
    def __repr__(self) -> str:
        lines = [
            member_line(member, [event for number, event in self.events if number == member.number])
            for member in self.members
        ]
        return "\n".join([f"{title_of([m.name for m in self.members])}, as recorded", *lines])

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        picture = base64.b64encode(usage_picture.png(self.members, self.usages, self.events))
        shape = {"alt": usage_picture.in_words(self.members, self.usages), "width": 860}
        return {"image/png": picture.decode(), "text/plain": repr(self)}, {"image/png": shape}
