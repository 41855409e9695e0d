"""The app as a real process."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1]
# What a machine may have in its environment and the app would take for its own.
NOT_INHERITED = ("NAME", "DATA", "VERSION", "DRAIN_SECONDS", "DATABASE_", "POSTGRES_", "PRICES")

needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send SIGTERM")


def start(*program: str, **environment: str) -> "subprocess.Popen[str]":
    """`python app.py`, or another program, with these variables, its two streams as pipes."""
    settings = {"HOST": "127.0.0.1", "PORT": "0", **environment}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(NOT_INHERITED)}
    return subprocess.Popen(
        [sys.executable, *(program or ("app.py",))],
        cwd=FOLDER,
        env={**inherited, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class RunningApp:
    """The app once it listens; `before` has the lines that it told before."""

    def __init__(self, *program: str, **environment: str) -> None:
        self.process = start(*program, **environment)
        assert self.process.stdout is not None
        self.before: list[str] = []
        while not (line := self.process.stdout.readline()).startswith("Listening on http://"):
            self.before.append(line)
            if not line:
                self.process.kill()
                raise AssertionError("".join(self.before) + self.process.communicate()[1])
        self.port = int(line.rsplit(":", 1)[1])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method: str, target: str, body: str | None = None) -> tuple[int, str]:
        """Status and text, over a connection of its own."""
        connection = self.connect()
        try:
            connection.request(method, target, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metric(self, line_start: str) -> float:
        """The value of the one line in /metrics that starts so; 0 if there is none."""
        lines = self.ask("GET", "/metrics")[1].splitlines()
        found = [line for line in lines if line.startswith(line_start)]
        assert len(found) <= 1, found
        return float(found[0].rsplit(" ", 1)[1]) if found else 0.0

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float, str]:
        """Exit status, seconds that the stop took, and the rest of what it printed."""
        start_time = time.monotonic()
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - start_time, output + errors

    def close(self) -> None:
        """No process, whatever the test has done."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def wait_for(state: Callable[[], bool], seconds: float = 10) -> None:
    """Return when the state is there; fail if it does not come in time."""
    deadline = time.monotonic() + seconds
    while not state():
        assert time.monotonic() < deadline, "the state did not come in time"
        time.sleep(0.005)
