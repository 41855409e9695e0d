"""Hearing that the learner interrupted the kernel, in a cell or between two."""

from __future__ import annotations

import signal
import sys
import threading
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

from helpers.errors import Interrupted

T = TypeVar("T")


def on_interrupt(owner: T, act: Callable[[T], None]) -> None:
    """`act(owner)` is called after each interrupt of the kernel, as long as the owner is there.

    It is called on a thread of its own: what an interrupt breaks into may hold any lock.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    known = weakref.ref(owner)

    def heard() -> None:
        if (there := known()) is not None:
            threading.Thread(target=act, args=(there,), daemon=True).start()

    _after_cells(shell, heard, known)
    _between_cells(getattr(shell, "kernel", None), heard)


def _after_cells(shell: Any, heard: Callable[[], None], known: weakref.ref[T]) -> None:
    def cell_ended(result: Any) -> None:
        if known() is None:
            shell.events.unregister("post_run_cell", cell_ended)
        elif isinstance(result.error_in_exec, (KeyboardInterrupt, Interrupted)):
            heard()

    shell.events.register("post_run_cell", cell_ended)


def _between_cells(kernel: Any, heard: Callable[[], None]) -> None:
    """ipykernel ignores SIGINT while no cell runs, with the handler that it keeps for that time."""
    before = getattr(kernel, "saved_sigint_handler", None)
    if before is None:
        return

    def handle(number: int, frame: FrameType | None) -> None:
        heard()
        if callable(before) and before is not signal.default_int_handler:
            before(number, frame)

    kernel.saved_sigint_handler = handle
