"""A widget in a notebook's page: made when it is first shown, and again after it was closed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from helpers.views.kit.mode import is_live
from helpers.views.kit.script import whole_script, whole_style

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


class WidgetHost:
    """The widget of that script, beside which a CSS file of the same name may lie.

    `values` gives what the script reads with `model.get(name)`: dicts and bytes by name. A value
    is sent when it is another than before.
    `on_message` is called with each message of the script but two: `{kind: "here", view: ID}` says
    that a page shows the widget, and must be repeated now and then, which calls `on_here`;
    `{kind: "gone", view: ID}` that it no longer does. When none does, or when the widget was
    closed, `on_gone` is called.
    """

    def __init__(
        self,
        script: Path,
        values: Callable[[], Mapping[str, Any]],
        on_message: Callable[[dict[str, Any]], object],
        on_here: Callable[[], None] = lambda: None,
        on_gone: Callable[[], None] = lambda: None,
    ) -> None:
        self._script = script
        self._values = values
        self._on_message = on_message
        self._on_here = on_here
        self._on_gone = on_gone
        self._widget: Any = None
        self._pages: set[str] = set()
        self._lock = threading.Lock()

    @property
    def is_made(self) -> bool:
        """Whether there is a widget, or was one that is closed now."""
        return self._widget is not None

    def open(self) -> dict[str, Any]:
        """What a page needs to show the widget, as the data of WIDGET_MIME."""
        widget = self.made()
        self._on_here()
        data: dict[str, Any] = widget._repr_mimebundle_()[0][WIDGET_MIME]
        return data

    def made(self) -> Any:
        """The widget, which is made at the first call and after it was closed."""
        with self._lock:
            if not self._is_open:
                self._pages.clear()
                values = self._values()
                kinds = tuple((name, type(value)) for name, value in values.items())
                self._widget = _widget_class(self._script, kinds)(**values)
                self._widget.on_msg(self._message)
                self._widget.observe(self._closed, "comm")
            return self._widget

    def refresh(self) -> None:
        """Sends the values that are new, from any thread; nothing where no widget is open."""
        with self._lock:
            if self._is_open:
                with self._widget.hold_sync():
                    for name, value in self._values().items():
                        setattr(self._widget, name, value)

    def send(self, message: dict[str, Any], data: bytes = b"") -> None:
        """Sends a message that is not kept, as `msg:custom`, with `data` as its buffer."""
        with self._lock:
            if self._is_open:
                self._widget.send(message, [data])

    def close(self) -> None:
        """The widget closed in every page."""
        if self._widget is not None:
            self._widget.close()

    @property
    def _is_open(self) -> bool:
        return self._widget is not None and self._widget.comm is not None

    def _message(self, _widget: object, message: object, _buffers: object) -> None:
        if not isinstance(message, dict):
            return
        if message.get("kind") == "here":
            self._pages.add(str(message.get("view")))
            self._on_here()
            self._widget.send({"kind": "here"})
        elif message.get("kind") == "gone":
            self._pages.discard(str(message.get("view")))
            if not self._pages:
                self._on_gone()
        else:
            self._on_message(message)

    def _closed(self, change: dict[str, Any]) -> None:
        if change["new"] is None:
            self._on_gone()


def load_widgets_ahead() -> threading.Thread | None:
    """The thread on which what widgets need is loaded, so that the first one need not wait for it.

    That takes a tenth of a second, and whoever runs a first cell reads a sentence before the next.
    None where views are no widgets.
    """
    if not is_live():
        return None
    thread = threading.Thread(target=import_module, args=("anywidget",), daemon=True)
    thread.start()
    return thread


@cache
def _widget_class(script: Path, kinds: tuple[tuple[str, type], ...]) -> Any:
    """The widget class with that script; anywidget is loaded when the first one is shown."""
    import anywidget
    import traitlets

    parts: dict[str, Any] = {"_esm": whole_script(script)}
    if style := whole_style(script):
        parts["_css"] = style
    for name, kind in kinds:
        trait = traitlets.Bytes if kind is bytes else traitlets.Dict
        parts[name] = trait().tag(sync=True)
    return type(f"{script.stem.title()}Widget", (anywidget.AnyWidget,), parts)
