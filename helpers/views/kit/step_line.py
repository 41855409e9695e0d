"""One line that says what is being done, while a cell takes long; gone when it is done."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from helpers.outside import visible_line
from helpers.views.kit.inert import inert_html
from helpers.views.kit.mode import is_live


class StepLine:
    """Called with each step; draws nothing where nobody watches."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __enter__(self) -> StepLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)

    def __call__(self, step: str) -> None:
        """Shows that step in place of the one before."""
        if not is_live():
            return
        from IPython.display import display

        text = f"… {visible_line(step)}"
        bundle = {"text/html": f"<p>{inert_html(text)}</p>", "text/plain": text}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
