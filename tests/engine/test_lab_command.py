"""`./workbook lab` as a process: ready with an address, gone without a trace after SIGTERM."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from helpers.commands.environment import ROOT

_URL = re.compile(r"http://127\.0\.0\.1:(\d+)/\S+\?token=(\w+)")


@pytest.fixture
def lab() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "helpers.commands", "lab", "--no-browser", "--no-install"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def address(lab: subprocess.Popen[str]) -> tuple[int, str]:
    assert lab.stdout is not None
    for line in lab.stdout:
        if found := _URL.search(line):
            return int(found[1]), found[2]
    raise AssertionError("lab ended without an address")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ready_then_stopped(lab: subprocess.Popen[str], number: signal.Signals) -> None:
    port, token = address(lab)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/kernels?token={token}") as answer:
        assert answer.status == 200
    family = psutil.Process(lab.pid).children(recursive=True)
    assert family
    lab.send_signal(number)
    assert lab.wait(timeout=30) == 0
    assert [member for member in family if member.is_running()] == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_busy_port_is_refused_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "helpers.commands", "lab", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert done.stderr.startswith(f"workbook: Port {port} is taken")
    assert "Traceback" not in done.stderr
