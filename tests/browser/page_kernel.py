"""The kernel of an open lesson as nbval drives one: the page runs the cells, nbval listens."""

from __future__ import annotations

import json
import uuid
from queue import Queue
from threading import Thread
from typing import Any

from nbval.kernel import RunningKernel
from websocket import WebSocketException, create_connection

from tests.browser.lesson_page import LessonPage

SECONDS = 60


class PageKernel(RunningKernel):  # type: ignore[misc]
    """What nbval asks of a kernel, over a second connection to the one that the page has.

    A kernel publishes what a cell shows to all who listen: nbval compares what the page shows,
    and the lesson runs once. https://jupyter-client.readthedocs.io/en/stable/messaging.html
    """

    def __init__(self, page: LessonPage) -> None:
        self._page = page
        self._cells = page.begin()
        self._next = 0
        self._heard: Queue[dict[str, Any]] = Queue()
        headers = {"Authorization": f"token {page.server.token}"}
        self._socket = create_connection(
            page.kernel_address(), header=headers, http_no_proxy=["127.0.0.1"]
        )
        Thread(target=self._listen, daemon=True).start()
        self.await_idle(self._ask_for_info(), SECONDS)

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Runs the page's cells up to the next one with code, which is that one; its message."""
        is_code = False
        while not is_code:
            is_code = self._cells[self._next]["cell_type"] == "code"
            self._page.run_next(self._next, self._cells[self._next])
            self._next += 1
        while True:
            message = self._heard.get(timeout=SECONDS)
            if message["msg_type"] == "execute_input":
                assert message["content"]["code"] == cell_input
                return str(message["parent_header"]["msg_id"])

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """The page has waited for it."""

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """The next that the kernel has published; raises queue.Empty."""
        return self._heard.get(timeout=timeout)

    def is_alive(self) -> bool:
        """Whether it still can be heard."""
        return bool(self._socket.connected)

    def stop(self) -> None:
        """Listens no more; the kernel is the page's."""
        self._socket.close()

    def _ask_for_info(self) -> str:
        """Its message's id. Whoever hears the kernel being idle after it hears all that follows."""
        key = uuid.uuid4().hex
        header = {
            "msg_id": key,
            "msg_type": "kernel_info_request",
            "session": key,
            "version": "5.3",
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": {}}
        self._socket.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        return key

    def _listen(self) -> None:
        """Puts down what is published; messages with buffers, of widgets alone, come as bytes."""
        try:
            while True:
                said = self._socket.recv()
                message = json.loads(said) if isinstance(said, str) and said else {}
                if message.get("channel") == "iopub":
                    self._heard.put(message)
        except (WebSocketException, OSError):
            return
