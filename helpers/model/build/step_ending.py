"""The words with which a classic builder ends a step, told from what the step prints.

They stand at the very end of it, in an order of their own; what looks like them and stands
elsewhere was printed by the step.
Sources: moby, builder/dockerfile; buildah, imagebuildah/stage_executor.go.
"""

from __future__ import annotations

import re

_WORDS = {
    "R": re.compile(r"(?: ---> Removed|Removing) intermediate container [0-9a-f]{12}\s*"),
    "I": re.compile(r" ?-+> ([0-9a-f]{11,64})\s*"),
    "U": re.compile(r" ?-+> Using cache(?: ([0-9a-f]{11,64}))?\s*"),
    "B": re.compile(r"Successfully built [0-9a-f]{12}\s*"),
    "T": re.compile(r"Successfully tagged \S+\s*"),
    "C": re.compile(r"COMMIT(?: \S+)?\s*"),
    "H": re.compile(r"[0-9a-f]{64}\s*"),
}
_END = re.compile(r"(?:[UR]?I|U)?(?:CI)?B?T*H?$")
_END_OF_FAILED = re.compile(r"R?$")
Pieces = list[tuple[str, float]]


class StepEnding:
    """Holds back what may be the builder's, until it is known whether more is printed."""

    def __init__(self) -> None:
        self._held: list[tuple[str, str, float]] = []

    def take(self, text: str, at: float) -> Pieces:
        """What the step printed, as far as that is certain now: (text, when) of each piece."""
        kind = next((kind for kind, words in _WORDS.items() if words.fullmatch(text)), "")
        if kind:
            self._held.append((kind, text, at))
            return []
        printed = [(held, when) for _, held, when in self._held]
        self._held = []
        return [*printed, (text, at)]

    def over(self, has_failed: bool) -> tuple[str, Pieces]:
        """The id of the step's image, "" for none, and what else of it the step printed."""
        kinds = "".join(kind for kind, _, _ in self._held)
        match = (_END_OF_FAILED if has_failed else _END).search(kinds)
        cut = match.start() if match else len(kinds)
        printed = [(held, when) for _, held, when in self._held[:cut]]
        ids = [_id(kind, text) for kind, text, _ in self._held[cut:]]
        self._held = []
        return next(filter(None, reversed(ids)), ""), printed


def _id(kind: str, text: str) -> str:
    match = _WORDS[kind].fullmatch(text) if kind in "IU" else None
    return (match[1] or "") if match else ""
