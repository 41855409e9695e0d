"""JupyterLab as a child: quiet settings, a free port, a busy one refused, nothing left behind."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import psutil
import pytest

from helpers.engine.base.project_files import ROOT
from helpers.engine.host.process_family import end_family
from helpers.errors import InvalidInput, SetupFailed
from helpers.launcher.jupyter_server import JupyterServer, refuse_busy_port
from helpers.launcher.signals import signals_as_interrupts
from tests.processes import kernel_below, still_alive


@pytest.fixture
def busy_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def ask(server: JupyterServer, path: str, method: str = "GET", body: object = None) -> object:
    return json.loads(fetched(server, path, method, body))


def fetched(server: JupyterServer, path: str, method: str = "GET", body: object = None) -> bytes:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(server.wait_until_ready() + path, data=data, method=method)
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())


def test_busy_port_is_one_sentence_and_a_next_step(busy_port: int, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=f"Port {busy_port} is taken") as caught:
        JupyterServer(tmp_path, tmp_path / "state", busy_port)
    assert "--port" in caught.value.next_step


@pytest.mark.parametrize("port", [70_000, -1])
def test_impossible_port_is_refused(port: int) -> None:
    with pytest.raises(InvalidInput):
        refuse_busy_port(port)


def test_starts_quietly_runs_a_kernel_and_leaves_nothing(tmp_path: Path) -> None:
    server = JupyterServer(tmp_path, tmp_path / "state", None, {"DOCKER_HOST": "unix:///x.sock"})
    with server:
        address = server.wait_until_ready()
        assert address.startswith("http://127.0.0.1:")
        assert server.url("notebooks/00.ipynb").startswith(f"{address}lab/tree/notebooks/00.ipynb?")
        settings = ask(server, "lab/api/settings/@jupyterlab/apputils-extension:notification")
        defaults = settings["schema"]["properties"]
        assert defaults["fetchNews"]["default"] == "false"
        assert defaults["checkForUpdates"]["default"] is False
        assert b'"buildCheck": false' in fetched(server, "lab"), "each page would start Node.js"
        kernel = ask(server, "api/kernels", "POST", {"name": "python3"})
        assert kernel["id"]
        family = psutil.Process(server._process.pid).children(recursive=True)
        running = kernel_below(server._process.pid)
        assert running in family
        assert running.environ()["DOCKER_HOST"] == "unix:///x.sock"
    assert server.has_ended()
    assert still_alive(family) == []
    assert not list((tmp_path / "state").glob("run-*"))


def test_no_token_no_answer(tmp_path: Path) -> None:
    with JupyterServer(tmp_path, tmp_path / "state") as server:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server.wait_until_ready() + "api/contents")
        refused.value.close()
    assert refused.value.code == 403


def test_failed_start_shows_the_log(tmp_path: Path) -> None:
    server = JupyterServer(tmp_path, tmp_path / "state", environment={"PYTHONPATH": str(tmp_path)})
    (tmp_path / "jupyterlab.py").write_text("raise SystemExit('nothing here')")
    with server, pytest.raises(SetupFailed, match=r"ended while it started\.\n.*nothing here"):
        server.wait_until_ready()


def test_what_a_killed_launcher_left_is_ended_and_taken_away(tmp_path: Path) -> None:
    code = (
        "import os, pathlib; from helpers.launcher.jupyter_server import JupyterServer;"
        f"server = JupyterServer(pathlib.Path({str(tmp_path)!r}), pathlib.Path({str(tmp_path)!r}));"
        "server.start(); server.wait_until_ready(); print(server._process.pid, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    orphan = psutil.Process(int(done.stdout))
    remains = next(tmp_path.glob("run-*"))
    assert orphan.is_running()
    JupyterServer(tmp_path, tmp_path).stop()
    assert not remains.exists()
    assert still_alive([orphan]) == []


def test_a_family_ends_even_where_it_ignores_sigterm() -> None:
    code = (
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE);"
        "print(child.pid, flush=True); child.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as head:
        child = psutil.Process(int(head.stdout.readline()))
        end_family(head.pid, gently=False)
        assert not psutil.pid_exists(head.pid) or head.poll() is not None
        assert still_alive([child]) == []


def test_an_interrupt_that_comes_to_another_thread_ends_the_wait(tmp_path: Path) -> None:
    with JupyterServer(tmp_path, tmp_path / "state") as server, signals_as_interrupts():

        def interrupt() -> None:
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)

        threading.Timer(0.5, interrupt).start()
        without_it = threading.Timer(20, server.stop)
        without_it.start()
        with pytest.raises(KeyboardInterrupt):
            server.wait()
        without_it.cancel()
