"""One daemon of a private engine brought up: spawned, and waited for until it is ready."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.private import daemon_log, processes
from helpers.errors import SetupFailed
from helpers.model.text.trouble import is_full_disk

_ASK_SECONDS = 0.25


@dataclass(frozen=True)
class Daemon:
    """What it takes to run one: its command, mark, variables, log, store, and how to ask it."""

    name: str
    words: list[str]
    mark: str
    variables: Mapping[str, str]
    log: Path
    notify: Path
    store: Path
    answers: Callable[[], bool]

    def bring_up(self, seconds: float) -> int:
        """Its process id, once it answers.

        SetupFailed with its own last words where it ends, or takes too long. It is waited for by
        state: its word on the notification socket (sd_notify(3)), or its end; it is asked directly
        four times a second as well, for a build without that word.
        """
        since = daemon_log.size(self.log)
        self.notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as word:
            word.bind(str(self.notify))
            more = {**self.variables, "NOTIFY_SOCKET": str(self.notify)}
            pid = processes.spawn(self.words, mark=self.mark, log=self.log, more=more)
            self._wait(pid, word, time.monotonic() + seconds, since)
        self.notify.unlink(missing_ok=True)
        return pid

    def _wait(self, pid: int, word: socket.socket, deadline: float, since: int) -> None:
        handle = os.pidfd_open(pid)
        try:
            poller = select.poll()
            for readable in (word.fileno(), handle):
                poller.register(readable, select.POLLIN)
            while not self.answers():
                ready = {number for number, _ in poller.poll(int(_ASK_SECONDS * 1000))}
                if handle in ready:
                    processes.reap(pid)
                    raise self._failure("stopped at once", since)
                if word.fileno() in ready:
                    word.recv(4096)
                if time.monotonic() > deadline:
                    raise self._failure("did not answer in time", since)
        finally:
            os.close(handle)

    def _failure(self, what: str, since: int) -> SetupFailed:
        """The error that tells what the daemon said last."""
        why = daemon_log.reason(self.log, since)
        if is_full_disk(why):
            return disk_full(self.store)
        return SetupFailed(
            f"The private engine's {self.name} {what}: {why}.", f"The whole log is {self.log}."
        )


def disk_full(path: Path) -> SetupFailed:
    """The error for a disk on which an engine cannot even begin."""
    return SetupFailed(
        f"The disk that holds {path} is full, so the private engine cannot start.",
        "Make room there (./workbook clean --all removes the workbook's own images), "
        "or set WORKBOOK_HOME to a folder on a larger disk.",
    )
