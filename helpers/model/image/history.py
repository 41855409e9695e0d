"""The history of an image: which instruction made which layer, and which made none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import count_in, text_in

_NEVER_A_LAYER = frozenset(
    ("ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD")
) | {"SHELL", "STOPSIGNAL", "USER", "VOLUME"}
_NO_OPERATION = re.compile(r"(?:\|\d+ .*?)?/bin/sh -c #\(nop\)\s+", re.DOTALL)
_SHELL = re.compile(r"(?:RUN )?(?:\|\d+ .*?)?/bin/sh -c ", re.DOTALL)
_BUILD_ARGUMENTS = re.compile(r"RUN \|\d+ .*?(?=/)", re.DOTALL)


@dataclass(frozen=True)
class HistoryEntry:
    """One step of an image's history, oldest first; `size_bytes` is the engine's own figure."""

    created_by: str = ""
    is_empty: bool = False
    comment: str = ""
    size_bytes: int | None = None

    @property
    def instruction(self) -> str:
        """The step as a line of a Dockerfile, or what the history says of it."""
        return instruction_of(self.created_by) or self.comment.strip()


def instruction_of(created_by: str) -> str:
    """The line of a Dockerfile in a history's `created_by`, without what builders put around it."""
    text = created_by.strip().removesuffix("# buildkit").strip()
    if match := _NO_OPERATION.match(text):
        return text[match.end() :].strip()
    if (match := _SHELL.match(text)) or (match := _BUILD_ARGUMENTS.match(text)):
        text = "RUN " + text[match.end() :]
    return re.sub(r"[ \t]+", " ", text)


def history_of_config(config: Mapping[str, Any]) -> tuple[HistoryEntry, ...]:
    """The history in an image's config, where each entry says whether it made a layer."""
    return tuple(
        HistoryEntry(
            str(entry.get("created_by") or ""),
            bool(entry.get("empty_layer")),
            str(entry.get("comment") or ""),
        )
        for entry in (one or {} for one in config.get("history") or ())
        if isinstance(entry, Mapping)
    )


def history_of_engine(
    answer: Sequence[Mapping[str, Any]], diff_ids: Sequence[str]
) -> tuple[HistoryEntry, ...]:
    """The history in the Engine API's /images/NAME/history, oldest first, with sizes.

    That answer does not say which entries made a layer. Those with a size did; of the others as
    many as there are layers left, what can write files first. The image's config is exact.
    """
    entries = [
        HistoryEntry(
            text_in(entry, "CreatedBy"),
            comment=text_in(entry, "Comment"),
            size_bytes=count_in(entry, "Size"),
        )
        for entry in reversed(answer)
    ]
    by_likelihood = sorted(range(len(entries)), key=lambda index: _rank(entries[index]))
    layers = set(by_likelihood[: len(diff_ids)])
    return tuple(
        HistoryEntry(entry.created_by, index not in layers, entry.comment, entry.size_bytes)
        for index, entry in enumerate(entries)
    )


def aligned(
    history: Sequence[HistoryEntry], diff_ids: Sequence[str]
) -> list[tuple[HistoryEntry, str]]:
    """Each step with its layer's diff-id, "" for steps without; layers that no step names follow.

    A history that claims more layers than there are keeps its last ones as empty.
    """
    left = list(diff_ids)
    pairs: list[tuple[HistoryEntry, str]] = []
    for entry in history:
        makes_layer = not entry.is_empty and bool(left)
        pairs.append((entry, left.pop(0) if makes_layer else ""))
    return [*pairs, *((HistoryEntry(), diff_id) for diff_id in left)]


def _rank(entry: HistoryEntry) -> int:
    """How likely a step made a layer: 0 surely, 3 surely not."""
    if entry.size_bytes:
        return 0
    word = entry.instruction.partition(" ")[0].upper()
    if word in _NEVER_A_LAYER:
        return 3
    return 1 if word in ("RUN", "COPY", "ADD") or "buildkit" in entry.comment else 2
