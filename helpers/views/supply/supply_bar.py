"""A bar that shows an image being fetched or made, in a notebook cell."""

from __future__ import annotations

from typing import Any

from helpers.model.supply.supply import SupplyProgress
from helpers.model.text.units import format_bytes
from helpers.views.kit.inert import inert_html


class SupplyBar:
    """Called with each step of progress; draws nothing until there is some."""

    def __init__(self) -> None:
        self._handles: dict[str, Any] = {}

    def __call__(self, progress: SupplyProgress) -> None:
        """Draws the bar of that image anew."""
        from IPython.display import display

        bundle = {"text/html": bar_html(progress), "text/plain": bar_text(progress)}
        handle = self._handles.get(progress.name)
        if handle is None:
            self._handles[progress.name] = display(bundle, raw=True, display_id=True)
        else:
            handle.update(bundle, raw=True)


def bar_text(progress: SupplyProgress) -> str:
    """The image, its source, the stage, and how much is done."""
    stage = f"{progress.stage}, {progress.detail}" if progress.detail else progress.stage
    return f"{progress.name} from {progress.source.value}: {stage}{_amount(progress)}"


def bar_html(progress: SupplyProgress) -> str:
    """The same with a bar, which has no end where the size is not known."""
    share = (
        f' value="{progress.done_bytes or 0}" max="{progress.total_bytes}"'
        if progress.total_bytes
        else ""
    )
    return f"<div><progress{share}></progress> {inert_html(bar_text(progress))}</div>"


def _amount(progress: SupplyProgress) -> str:
    if not progress.total_bytes:
        return ""
    return f", {format_bytes(progress.done_bytes or 0)} of {format_bytes(progress.total_bytes)}"
