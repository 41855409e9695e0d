"""The reading of an image's files beside the page: on a thread, and with progress."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from helpers.errors import WorkbookError
from helpers.model.layers.image_layers import ImageLayers
from helpers.model.layers.layer_progress import LayerProgress, OnProgress

Read = Callable[[OnProgress], ImageLayers]
TELL_SECONDS = 0.1
FAULT = "That is a fault of the workbook; the image is untouched."


class ExplorerReading:
    """One image being read. `image` is there when it is done, `problem` says why it never will.

    `on_change` is called on the reading thread, some times a second and once at the end.
    """

    def __init__(self, read: Read, on_change: Callable[[], None] = lambda: None) -> None:
        self.image: ImageLayers | None = None
        self.problem = ""
        self.progress: dict[str, LayerProgress] = {}
        self.seconds = 0.0
        self._read = read
        self._on_change = on_change
        self._thread: threading.Thread | None = None
        self._turn = threading.Lock()
        self._reported_at = self._begun = 0.0

    def start(self) -> None:
        """It runs, unless it did; after a problem it stays so until `again`."""
        with self._turn:
            if self._thread is None:
                self._begun = time.monotonic()
                self._thread = threading.Thread(target=self._run, name="layers", daemon=True)
                self._thread.start()

    def again(self) -> None:
        """A new try, where the last one failed."""
        if self.problem:
            self.problem, self._thread = "", None
            self.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended, so many seconds after its start at most."""
        self.start()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            spent = time.monotonic() - self._begun
            thread.join(None if seconds is None else max(seconds - spent, 0))
        return self.ended

    @property
    def ended(self) -> bool:
        """Whether there is an image or a problem."""
        return self.image is not None or bool(self.problem)

    @property
    def flagged(self) -> tuple[str, ...]:
        """What was odd in the image, as far as it is read."""
        return self.image.flagged if self.image else ()

    def _run(self) -> None:
        try:
            self.image = self._read(self._note)
        except WorkbookError as problem:
            self.problem = str(problem)
        except Exception as fault:
            self.problem = f"{type(fault).__name__}: {fault}. {FAULT}"
        self.seconds = time.monotonic() - self._begun
        self._on_change()

    def _note(self, progress: LayerProgress) -> None:
        self.progress[progress.diff_id] = progress
        now = time.monotonic()
        if now - self._reported_at >= TELL_SECONDS:
            self._reported_at = now
            self._on_change()
