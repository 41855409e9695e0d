"""Runs a lesson through the HTTP interface of a running `./workbook lab`, as a browser would.

    ./workbook lab --no-browser > lab.log 2>&1 &
    python3 tests/fresh_machine/run_lesson_over_api.py 00 --log lab.log

Begins with the standard library, while the environment is being made; goes on in the environment.
Exit status 0 when every cell ran without an error that its tags do not announce.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
_URL = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/\S+\?token=\w+")
_LOOK_AGAIN_SECONDS = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a lesson in a running ./workbook lab.")
    parser.add_argument("lesson", help="its number, such as 00")
    parser.add_argument("--log", type=Path, required=True, help="where lab writes its output")
    parser.add_argument("--seconds", type=float, default=600, help="to wait for lab, and a cell")
    parser.add_argument("--since", type=float, default=time.time(), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    url = wait_for_url(arguments.log, arguments.seconds)
    if Path(sys.prefix) != ROOT / ".venv":
        since = ["--since", str(arguments.since)]
        python = str(ROOT / ".venv/bin/python")
        os.execv(python, [python, *sys.argv, *since])
    return run_lesson(Server(url), arguments.lesson, arguments.seconds, arguments.since)


def wait_for_url(log: Path, seconds: float) -> str:
    """The address that lab prints once it is ready."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if log.exists() and (found := _URL.search(log.read_text(errors="replace"))):
            return found[0]
        time.sleep(_LOOK_AGAIN_SECONDS)
    sys.exit(f"lab was not ready within {seconds:.0f} s; its output:\n{log.read_text()}")


class Server:
    """JupyterLab's HTTP interface."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self.token = parse_qs(parts.query)["token"][0]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer as JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{self.host}/{path}", data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with straight.open(request) as answer:
            return json.loads(answer.read() or b"null")


class Kernel:
    """The kernel of one notebook, over a web socket."""

    def __init__(self, server: Server, kernel_id: str, seconds: float) -> None:
        import websocket

        self._session = uuid.uuid4().hex
        self._socket = websocket.create_connection(
            f"ws://{server.host}/api/kernels/{kernel_id}/channels?session_id={self._session}",
            header=[f"Authorization: token {server.token}"],
            timeout=seconds,
            http_no_proxy=["127.0.0.1"],
        )

    def close(self) -> None:
        """The connection ended; the kernel goes on."""
        self._socket.close()

    def request(self, kind: str, content: dict[str, object]) -> Iterator[dict[str, Any]]:
        """The messages that answer, until the kernel is idle again."""
        name = uuid.uuid4().hex
        header = {
            "msg_id": name, "msg_type": kind, "session": self._session,
            "username": "", "date": "", "version": "5.3",
        }  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._socket.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer["parent_header"].get("msg_id") != name:
                continue
            yield answer
            if answer["content"].get("execution_state") == "idle":
                return

    def run(self, source: str) -> str:
        """Runs the code; its error in words, empty where there was none."""
        content = {"code": source, "allow_stdin": False, "stop_on_error": True}
        errors = [
            f"{answer['content']['ename']}: {answer['content']['evalue']}"
            for answer in self.request("execute_request", content)
            if answer["msg_type"] == "error"
        ]
        return "".join(errors)


def run_lesson(server: Server, number: str, seconds: float, since: float) -> int:
    """0 when all cells ran; says when the kernel was idle first, and how long the cells took."""
    names = [item["name"] for item in server.ask("GET", "api/contents/")["content"]]
    name = next(name for name in names if name.startswith(f"{number}_") and name.endswith(".ipynb"))
    cells = server.ask("GET", f"api/contents/{name}")["content"]["cells"]
    wanted = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
    session = server.ask("POST", "api/sessions", wanted)
    try:
        kernel = Kernel(server, session["kernel"]["id"], seconds)
        list(kernel.request("kernel_info_request", {}))
        print(f"kernel idle in lesson {number}: {time.time() - since:.1f} s after the start")
        try:
            return run_cells(kernel, cells)
        finally:
            kernel.close()
    finally:
        server.ask("DELETE", f"api/sessions/{session['id']}")


def run_cells(kernel: Kernel, cells: list[dict[str, Any]]) -> int:
    """0 when no code cell failed that was not meant to."""
    started, ran = time.monotonic(), 0
    for at, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "code":
            continue
        error = kernel.run("".join(cell["source"]))
        if error and "raises-exception" not in cell["metadata"].get("tags", []):
            print(f"cell {at} (id {cell.get('id')}) failed: {error}")
            return 1
        ran += 1
    print(f"all {ran} code cells ran, in {time.monotonic() - started:.1f} s")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main())
