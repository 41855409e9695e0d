"""`./workbook lab` as a process: ready with an address, gone without a trace after SIGTERM."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from helpers.engine.base.project_files import ROOT
from tests.fresh_machine.run_lesson_over_api import Kernel, Server
from tests.processes import still_alive

_URL = re.compile(r"http://127\.0\.0\.1:(\d+)/\S+\?token=(\w+)")
LESSON = "00_start_here.ipynb"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "helpers.commands", "lab", "--no-browser", "--no-install"]
    mine = {**os.environ, "WORKBOOK_WORK": str(tmp_path / "work")}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=mine
    ) as process:
        yield process
        process.terminate()  # killed, it would leave its JupyterLab to the next start


def address(lab: subprocess.Popen[str]) -> tuple[int, str]:
    assert lab.stdout is not None
    for line in lab.stdout:
        if found := _URL.search(line):
            return int(found[1]), found[2]
    raise AssertionError("lab ended without an address")


def ended(lab: subprocess.Popen[str]) -> int:
    """Its exit code; fails with what still lives where it does not end."""
    try:
        return lab.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process = psutil.Process(lab.pid)
        threads = [Path(f"/proc/{lab.pid}/task/{t.id}/wchan") for t in process.threads()]
        waits = [wait.read_text() for wait in threads if wait.exists()]
        pytest.fail(f"still there: {process.children(recursive=True)}, waiting in {waits}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ready_then_stopped(lab: subprocess.Popen[str], number: signal.Signals) -> None:
    port, token = address(lab)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/kernels?token={token}") as answer:
        assert answer.status == 200
    family = psutil.Process(lab.pid).children(recursive=True)
    assert family
    lab.send_signal(number)
    assert ended(lab) == 0
    assert still_alive(family) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_learner_gets_copies_without_answers_from_which_all_is_found(
    lab: subprocess.Popen[str], tmp_path: Path
) -> None:
    port, token = address(lab)
    server = Server(f"http://127.0.0.1:{port}/lab/tree/{LESSON}?token={token}")
    cells = server.ask("GET", f"api/contents/{LESSON}")["content"]["cells"]
    assert [cell for cell in cells if cell.get("outputs")] == []
    wanted = {"path": LESSON, "name": LESSON, "type": "notebook", "kernel": {"name": "python3"}}
    kernel = Kernel(server, server.ask("POST", "api/sessions", wanted)["kernel"]["id"], 60)
    code = "import helpers, pathlib; pathlib.Path('sample_app/Dockerfile').read_text()"
    assert kernel.run(code) == ""
    assert kernel.run("pathlib.Path('made_here').touch()") == ""
    kernel.close()
    assert (tmp_path / "work/made_here").exists()


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
