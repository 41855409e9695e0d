"""The connections that were tried in this session, the newest of each kind, and who is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

from helpers.engine.base.leased_thread import give
from helpers.model.network.attempt import Attempt

Listener = Callable[[Attempt], None]


class AttemptLog:
    """What was tried last from each container to each target and port; safe on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: dict[tuple[str, str, int], Attempt] = {}
        self._listeners: list[Listener] = []

    def add(self, attempt: Attempt) -> Attempt:
        """The attempt itself, now kept in place of an earlier one like it; listeners are told."""
        key = (attempt.source_id, attempt.target, attempt.port)
        with self._lock:
            self._attempts.pop(key, None)
            self._attempts[key] = attempt
            listeners = list(self._listeners)
        for listener in listeners:
            give(listener, attempt)
        return attempt

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """All of them, the newest last."""
        with self._lock:
            return tuple(self._attempts.values())

    def tell(self, listener: Listener) -> None:
        """From now on it is called with each attempt; once, however often it is added."""
        with self._lock:
            if listener not in self._listeners:
                self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        """It is called no more."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
