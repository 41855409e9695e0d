"""The layer explorer: which instruction brought which bytes, and which later one hid them.

The layers come from metadata and are there at once. The files are read beside the page, and sent
to it when they are known, all of them: from then on nothing is asked of the kernel, so that the
explorer answers while a cell runs, and after the kernel is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.model.layers.compared_layers import ComparedLayers, compare_layers
from helpers.model.layers.image_layers import Layer
from helpers.model.layers.waste_ledger import WasteGroup, waste_ledger, wasted_by_layer
from helpers.views.kit.inert import inert_html
from helpers.views.kit.live import LiveView
from helpers.views.kit.mode import is_live
from helpers.views.kit.page import Page
from helpers.views.kit.printable import shown
from helpers.views.layers import explorer_picture, shared_picture
from helpers.views.layers.explorer_caption import layers_page, shared_page, waste_page
from helpers.views.layers.explorer_content import (
    group_row,
    headline,
    layer_row,
    ledger_line,
    progress_line,
    shared_line,
    shared_part,
    verdict,
)
from helpers.views.layers.explorer_reading import ExplorerReading, Read
from helpers.views.layers.explorer_tree import packed_tree
from helpers.views.layers.explorer_words import KINDS, WORDS

SOON_SECONDS = 0.1
MOST_FLAGGED = 20


@dataclass(frozen=True)
class OtherImage:
    """The image that is compared with the one explored."""

    name: str
    layers: tuple[Layer, ...]


class LayerExplorer(LiveView):
    """One image; `layers` are known from metadata, `read` brings the files when it is shown."""

    script = "layer_explorer.js"
    picture_width = 860

    def __init__(
        self, name: str, layers: Sequence[Layer], read: Read, other: OtherImage | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self._summary = tuple(layers)
        self._other = other
        self._packed = b""
        self._reading = ExplorerReading(read, self._changed)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers as they are known by now."""
        return self._reading.image.layers if self._reading.image else self._summary

    @property
    def seconds(self) -> float:
        """How long the reading took, in seconds; 0 before its end."""
        return self._reading.seconds

    def wait(self, seconds: float | None = None) -> bool:
        """Whether all files are read, after so many seconds at most."""
        return self._reading.wait(seconds)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        self._reading.start()
        if is_live():
            self.open()  # which takes a while the first time, and meanwhile files are read
        return super()._repr_mimebundle_()

    def begin(self) -> None:
        """Reads the files, unless they are read, and packs them for the page."""
        self._reading.start()
        if self._reading.image and not self._packed:
            threading.Thread(target=self._changed, name="layers packed", daemon=True).start()

    def heard(self, message: dict[str, Any]) -> None:
        """A click on "try again"."""
        if message.get("kind") == "again":
            self._reading.again()
            self.refresh()

    def text(self) -> str:
        """The facts as far as they are known; all of them where this is no live page."""
        self._settle()
        pages = self._pages()
        return "\n\n".join(part if isinstance(part, str) else part.text for part in pages)

    def caption(self) -> str:
        """The same as HTML."""
        self._settle()
        return "".join(
            f"<p>{inert_html(part)}</p>" if isinstance(part, str) else part.html
            for part in self._pages()
        )

    def picture(self) -> bytes:
        """The layers as bars, as PNG, with all files read; of two images what they share."""
        if self._other and self._compared:
            return shared_picture.png(self._compared, self.name, self._other.name)
        self._reading.wait()
        return explorer_picture.png(self.layers, self._hidden(), headline(self.name, self.layers))

    def content(self) -> dict[str, Any]:
        """All but the files, as JSON; layer_explorer.js shows it."""
        hidden, reading, groups = self._hidden(), self._reading, self._ledger()
        return {
            "title": headline(self.name, self.layers),
            "line": verdict(reading.image) if reading.image else self._state_line(),
            "state": "done" if reading.image else "failed" if reading.problem else "reading",
            "flagged": [shown(text) for text in reading.flagged[:MOST_FLAGGED]],
            "layers": [
                layer_row(layer, hidden.get(layer.index, 0), reading.progress.get(layer.diff_id))
                for layer in self.layers
            ],
            "groups": [group_row(group, self.layers) for group in groups],
            "ledger": ledger_line(groups),
            "shared": shared_part(self._compared, self.name, self._other.name)
            if self._other and self._compared
            else None,
            "kinds": [list(kind) for kind in KINDS],
            "words": WORDS,
        }

    def data(self) -> bytes:
        """All files and changes, packed; empty until they are read."""
        return self._packed

    def _changed(self) -> None:
        """Packs the files when they are known and a page wants them, and tells the page."""
        image = self._reading.image
        if image is not None and self._host.is_made and not self._packed:
            self._packed = packed_tree(image, self._ledger())
        self.refresh()

    @cached_property
    def _compared(self) -> ComparedLayers | None:
        return compare_layers(self._summary, self._other.layers) if self._other else None

    def _ledger(self) -> tuple[WasteGroup, ...]:
        return waste_ledger(self._reading.image.wasted()) if self._reading.image else ()

    def _hidden(self) -> dict[int, int]:
        return wasted_by_layer(self._reading.image.wasted()) if self._reading.image else {}

    def _state_line(self) -> str:
        if self._reading.problem:
            return f"Its files could not be read. {self._reading.problem}"
        return progress_line(self._summary, self._reading.progress)

    def _settle(self) -> None:
        """Waits for the files: a moment in a live page, which fills in later, else to the end."""
        self._reading.wait(SOON_SECONDS if is_live() else None)

    def _pages(self) -> list[str | Page]:
        image = self._reading.image
        pages: list[str | Page] = [headline(self.name, self.layers)]
        pages.append(layers_page(self.layers, self._hidden()))
        pages.append(verdict(image) if image else self._state_line())
        if groups := self._ledger():
            pages.append(waste_page(groups, self.layers))
        if self._other and self._compared:
            pages.append(shared_line(self._compared, self.name, self._other.name))
            pages.append(shared_page(self._compared, self.name, self._other.name))
        return pages
