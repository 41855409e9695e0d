"""Whether the app runs or is stopping."""

import signal
from collections.abc import Callable
from types import FrameType


class Lifecycle:
    """Running until a signal, or a caller, says stop."""

    def __init__(self) -> None:
        self.stopping = False
        self._wake: Callable[[], None] = lambda: None

    def obey_signals(self) -> None:
        """From now on SIGTERM (docker stop) and SIGINT (Ctrl-C) mean stop."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def ignore_signals(self) -> None:
        """From now on a signal changes nothing: the exit status is already decided."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def call_on_stop(self, wake: Callable[[], None]) -> None:
        """Have `wake` called at a stop. It must be safe to call inside a signal handler."""
        self._wake = wake

    def stop(self) -> None:
        # A plain attribute and not a threading.Event: a second signal may interrupt the
        # handler of the first, and would wait for ever for the lock inside an Event.
        self.stopping = True
        self._wake()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()
