"""A view that lives in JupyterLab, and says the same to whoever reads with no kernel.

A view of this kind gives a notebook these forms of the same facts:

=========================  ==========================  ==============================
                           in JupyterLab, live         WORKBOOK_STATIC=1
=========================  ==========================  ==============================
the widget's MIME type     yes                         no: it would show as an error
`caption()`, text/html     yes, behind the widget      yes
`text()`, text/plain       yes                         yes
`picture()`, image/png     no                          yes, above the caption
=========================  ==========================  ==============================

nbval compares HTML and plain text, and neither pictures nor widgets; so a lesson that was
committed in static mode passes against a live run when `caption()` and `text()` say nothing that
varies from run to run: no address, no time. The caption is what stands for the picture where it
cannot be seen, so it must tell the same facts.
"""

from __future__ import annotations

import base64
import threading
from functools import cache
from importlib import import_module
from inspect import getfile
from pathlib import Path
from typing import Any

from helpers.views.kit.live_card import WIDGET_MIME
from helpers.views.kit.mode import is_live
from helpers.views.kit.script import whole_script


class LiveView:
    """The base of such a view.

    `script` names its ESM file beside the view's own, which may import others (script.py), and
    beside which a CSS file of the same name may lie.
    `picture_width` is in points of the page; a picture may have more dots than that.

    The script calls `model.get("content")`, and again at each "change:content". It may send
    `{kind: …}` messages, which come to `heard`. `{kind: "here", view: ID}` says that a page shows
    the view, and must be repeated now and then; `{kind: "gone", view: ID}` that it no longer does.
    """

    script = ""
    picture_width = 800

    def __init__(self) -> None:
        self._widget: Any = None
        self._shown_in: set[str] = set()
        self._sending = threading.Lock()

    def text(self) -> str:
        """The facts as plain text; the same in every run."""
        raise NotImplementedError

    def caption(self) -> str:
        """The facts as HTML that an untrusted notebook may show; the same in every run."""
        raise NotImplementedError

    def picture(self) -> bytes | None:
        """The still picture as PNG; None where the caption is all."""
        return None

    def alternative(self) -> str:
        """The picture in words, for whoever does not see it; nbval does not compare it."""
        return self.text()

    def content(self) -> dict[str, Any]:
        """What the widget shows, as JSON."""
        raise NotImplementedError

    def data(self) -> bytes:
        """What the widget shows beside that and is large, as `model.get("data")`; sent if new."""
        return b""

    def begin(self) -> None:
        """Called when a page shows it, and again at each sign of life from there."""

    def end(self) -> None:
        """Called when no page shows it any more, or its widget was closed."""

    def heard(self, message: dict[str, Any]) -> None:
        """Called with each other message of the script."""

    def refresh(self) -> None:
        """Sends the content anew, from any thread."""
        with self._sending:
            if self._widget is not None and self._widget.comm is not None:
                with self._widget.hold_sync():
                    self._widget.content = self.content()
                    self._widget.data = self.data()

    def tell(self, message: dict[str, Any], data: bytes = b"") -> None:
        """Sends a message that is not kept, as `msg:custom`, with `data` as its buffer."""
        with self._sending:
            if self._widget is not None and self._widget.comm is not None:
                self._widget.send(message, [data])

    def close(self) -> None:
        """The widget closed in every page."""
        if self._widget is not None:
            self._widget.close()

    def __repr__(self) -> str:
        return self.text()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if not is_live() and (picture := self.picture()) is not None:
            data = {"image/png": base64.b64encode(picture).decode()}
            shape = {"alt": self.alternative(), "width": self.picture_width}
            display(data, raw=True, metadata={"image/png": shape})
        display(self._repr_mimebundle_(), raw=True)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.caption(), "text/plain": self.text()}
        if is_live():
            bundle[WIDGET_MIME] = self._open()
        return bundle

    def _open(self) -> dict[str, Any]:
        """The widget's MIME data; the widget is made at the first call and after it was closed."""
        if self._widget is None or self._widget.comm is None:
            self._shown_in.clear()
            widget_class = _widget_class(Path(getfile(type(self))).with_name(self.script))
            self._widget = widget_class(content=self.content(), data=self.data())
            self._widget.on_msg(self._message)
            self._widget.observe(self._closed, "comm")
        self.begin()
        data: dict[str, Any] = self._widget._repr_mimebundle_()[0][WIDGET_MIME]
        return data

    def _message(self, _widget: object, message: object, _buffers: object) -> None:
        if not isinstance(message, dict):
            return
        if message.get("kind") == "here":
            self._shown_in.add(str(message.get("view")))
            self.begin()
            self._widget.send({"kind": "here"})
        elif message.get("kind") == "gone":
            self._shown_in.discard(str(message.get("view")))
            if not self._shown_in:
                self.end()
        else:
            self.heard(message)

    def _closed(self, change: dict[str, Any]) -> None:
        if change["new"] is None:
            self.end()


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
def _widget_class(path: Path) -> Any:
    """The widget class with that script; anywidget is loaded when the first one is shown."""
    import anywidget
    import traitlets

    parts: dict[str, Any] = {"_esm": whole_script(path)}
    if (style := path.with_suffix(".css")).exists():
        parts["_css"] = style.read_text(encoding="utf-8")
    parts["content"] = traitlets.Dict().tag(sync=True)
    parts["data"] = traitlets.Bytes().tag(sync=True)
    return type(f"{path.stem.title()}Widget", (anywidget.AnyWidget,), parts)
