"""Bars of a push or pull under way, one for each layer; gone when it is over.

The place in the cell begins and ends empty, so what is saved is the same in every run.
"""

from __future__ import annotations

import time
from typing import Any

from helpers.model.registry.transfer import LayerStep, TransferProgress
from helpers.model.text.units import format_bytes
from helpers.views.kit.inert import inert_html

EMPTY = {"text/html": "", "text/plain": ""}
_EVERY_SECONDS = 0.1


class TransferBars:
    """Called with each step of progress."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._drawn_at = 0.0

    def __call__(self, progress: TransferProgress) -> None:
        """Draws the bars anew, ten times a second at most; empties the place at the end."""
        from IPython.display import display

        if self._handle is None:
            self._handle = display(EMPTY, raw=True, display_id=True)
        if self._handle is None:
            return
        if progress.is_over:
            self._handle.update(EMPTY, raw=True)
            self._handle = None
        elif time.monotonic() - self._drawn_at >= _EVERY_SECONDS:
            self._drawn_at = time.monotonic()
            bundle = {"text/html": bars_html(progress), "text/plain": bars_text(progress)}
            self._handle.update(bundle, raw=True)


def bars_text(progress: TransferProgress) -> str:
    """A line for each layer: the engine's short name for it, the stage, and how much is done."""
    head = f"{progress.verb} {progress.name}"
    head += ": the registry does not answer, trying again" if progress.retrying else ""
    return "\n".join([head, *(f"  {_words(layer)}" for layer in progress.layers.values())])


def bars_html(progress: TransferProgress) -> str:
    """The same with bars; one has no end where the size is not known."""
    head, *_ = bars_text(progress).split("\n")
    rows = "".join(
        f"<div><progress{_share(layer)}></progress> <code>{inert_html(_words(layer))}</code></div>"
        for layer in progress.layers.values()
    )
    return f"<div>{inert_html(head)}</div>{rows}"


def _words(layer: LayerStep) -> str:
    words = f"{layer.id}  {layer.stage}"
    if not layer.total_bytes or layer.fate:
        return words
    done = min(layer.done_bytes, layer.total_bytes)
    return f"{words}, {format_bytes(done)} of {format_bytes(layer.total_bytes)}"


def _share(layer: LayerStep) -> str:
    if layer.stage == "waiting":
        return ' value="0" max="1"'
    return "" if layer.share is None else f' value="{layer.share:.3f}" max="1"'
