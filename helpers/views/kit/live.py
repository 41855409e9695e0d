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
from inspect import getfile
from pathlib import Path
from typing import Any

from helpers.outside import visible_repr
from helpers.views.kit.mode import is_live
from helpers.views.kit.widget_host import WIDGET_MIME, WidgetHost


class LiveView:
    """The base of such a view.

    `script` names an ESM file beside that of the class which says so. It may import others
    (script.py), and a CSS file of the same name may lie beside each.
    `picture_width` is in points of the page; a picture may have more dots than that.

    The script calls `model.get("content")`, and again at each "change:content". It says that a
    page shows it, and that it no longer does, as WidgetHost has it; other messages come to `heard`.
    """

    script = ""
    picture_width = 800

    def __init__(self) -> None:
        self._host = WidgetHost(self._script_path(), self._values, self.heard, self.begin, self.end)

    def _script_path(self) -> Path:
        """Where the script lies: beside the class that names it, from which others may derive."""
        owner = next(kind for kind in type(self).__mro__ if "script" in vars(kind))
        return Path(getfile(owner)).parent / self.script

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
        self._host.refresh()

    def tell(self, message: dict[str, Any], data: bytes = b"") -> None:
        """Sends a message that is not kept, as `msg:custom`, with `data` as its buffer."""
        self._host.send(message, data)

    def open(self) -> dict[str, Any]:
        """What a page needs to show the widget, as the data of WIDGET_MIME."""
        return self._host.open()

    def close(self) -> None:
        """The widget closed in every page."""
        self._host.close()

    @visible_repr
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
        bundle: dict[str, Any] = {"text/html": self.caption(), "text/plain": repr(self)}
        if is_live():
            bundle[WIDGET_MIME] = self.open()
        return bundle

    def _values(self) -> dict[str, Any]:
        return {"content": self.content(), "data": self.data()}
