"""A lesson open in JupyterLab in a real browser, and what went wrong in its page."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from helpers.launcher.jupyter_server import JupyterServer

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
LOAD_SECONDS = 60
CELL_SECONDS = 180
SCREENSHOTS = Path(__file__).parent / "screenshots"
_BROKEN_OFF = "ERR_NETWORK_CHANGED"
_LOCAL = ("127.0.0.1", "localhost", "::1", None)
_RAN = re.compile(r"\[\d+\]")
_PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
_HAS_RUN = f"""number => {{
    const cell = document.querySelectorAll("{_PANEL} .jp-Notebook .jp-Cell")[number];
    return /^\\[\\d+\\]/.test(cell.querySelector(".jp-InputPrompt").textContent);
}}"""
_SETTING = "lab/api/settings/@jupyterlab/apputils-extension:themes"
_WORKSPACE = "lab/api/workspaces/default"


OpenLesson = Callable[..., "LessonPage"]
OpenCells = Callable[..., "LessonPage"]


@dataclass
class PageWatch:
    """What no page of the workbook may do: log an error, raise one, or call another machine.

    One thing is not the page's fault: when a container comes or goes, the machine's interfaces
    change, and Chromium breaks off its requests with ERR_NETWORK_CHANGED. Each such request
    excuses one message of JupyterLab about it.
    """

    noted: list[str] = field(default_factory=list)
    broken_off: int = 0

    def follow(self, page: Page) -> None:
        """Notes what that page does from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.noted.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)

    @property
    def problems(self) -> list[str]:
        """What was noted, less what requests that the browser itself broke off explain."""
        excuses, left = self.broken_off, []
        for note in self.noted:
            if _BROKEN_OFF in note:
                continue
            if excuses and "Failed to fetch" in note:
                excuses -= 1
                continue
            left.append(note)
        return left

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.noted.append(f"console error: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in _LOCAL:
            self.noted.append(f"request to another machine: {request.url}")

    def _failed(self, request: Request) -> None:
        self.broken_off += _BROKEN_OFF in (request.failure or "")


@dataclass
class LessonPage:
    """The page of one notebook; `name` begins its screenshots' names, `path` is where it is."""

    page: Page
    server: JupyterServer
    name: str
    watch: PageWatch
    path: str = ""

    def open(self, notebook: str) -> LessonPage:
        """The notebook (a path below the server's root), shown, its kernel idle, no outputs yet."""
        self.path = notebook
        self.page.goto(self.server.url(notebook))
        expect(self.notebook.locator("h1").first).to_be_visible(timeout=LOAD_SECONDS * 1000)
        kernel = self.page.locator(f"{_PANEL} .jp-KernelName")
        expect(kernel).to_contain_text("Python 3", timeout=LOAD_SECONDS * 1000)
        self.wait_until_idle()
        self.menu("Edit", "Clear Outputs of All Cells")
        return self

    def menu(self, name: str, entry: str) -> None:
        """Chooses that entry of that menu."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{name}$")).click()
        self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).click()

    @property
    def notebook(self) -> Locator:
        """The notebook in front."""
        return self.page.locator(f"{_PANEL} .jp-Notebook")

    @property
    def cells(self) -> Locator:
        """All its cells, in order."""
        return self.notebook.locator(".jp-Cell")

    @property
    def errors(self) -> Locator:
        """The tracebacks and error sentences in it, which JupyterLab shows as it does stderr."""
        return self.notebook.locator("[data-mime-type='application/vnd.jupyter.stderr']")

    def wait_until_idle(self, seconds: float = LOAD_SECONDS) -> None:
        """Returns when the kernel says that it has nothing to do."""
        idle = self.page.locator(f"{_PANEL} .jp-Notebook-ExecutionIndicator[data-status='idle']")
        expect(idle).to_be_attached(timeout=seconds * 1000)

    def run_cell(self, number: int, seconds: float = CELL_SECONDS) -> None:
        """Runs that cell (from 0) with Shift+Enter and returns when it has run."""
        cell = self.cells.nth(number)
        cell.scroll_into_view_if_needed()
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.text_content() or ""
        cell.click(position={"x": 4, "y": 4})
        self.page.keyboard.press("Shift+Enter")
        if "jp-CodeCell" not in (cell.get_attribute("class") or ""):
            return
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(_RAN, timeout=seconds * 1000)

    def run_all(self, seconds: float = CELL_SECONDS) -> None:
        """Runs every cell from top to bottom; stops with an AssertionError at the first error that
        the lesson does not make on purpose.
        """
        # JupyterLab attaches cells little by little, and adds one when the last has run.
        reply = json.loads(call_server(self.server, "GET", f"api/contents/{self.path}"))
        cells = reply["content"]["cells"]
        count, meant = len(cells), 0
        expect(self.cells).to_have_count(count, timeout=LOAD_SECONDS * 1000)
        self.cells.first.click(position={"x": 4, "y": 4})
        for number in range(count):
            self.page.keyboard.press("Shift+Enter")  # which goes on to the next cell
            if cells[number]["cell_type"] == "code":
                self.page.wait_for_function(_HAS_RUN, arg=number, timeout=seconds * 1000)
            meant += "raises-exception" in cells[number]["metadata"].get("tags", [])
            shown = self.errors.last
            assert self.errors.count() <= meant, f"cell {number + 1}: {shown.inner_text()}"

    def screenshot(self, what: str) -> Path:
        """A picture of the window as it is now, kept in tests/browser/screenshots."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{self.name}-{what}.png"
        self.page.screenshot(path=path, animations="disabled")
        return path


def use_theme(server: JupyterServer, theme: str) -> None:
    """Sets JupyterLab's theme, 'light' or 'dark', for pages opened from now on."""
    settings = json.dumps({"raw": json.dumps({"theme": THEMES[theme]})}).encode()
    call_server(server, "PUT", _SETTING, settings)


def forget_open_pages(server: JupyterServer) -> None:
    """Lets the next page open its notebook alone.

    JupyterLab would open all that was open in the pages before, and start a kernel for each.
    """
    empty = json.dumps({"data": {}, "metadata": {"id": "default"}}).encode()
    call_server(server, "PUT", _WORKSPACE, empty)


def call_server(server: JupyterServer, method: str, path: str, body: bytes | None = None) -> bytes:
    """The answer of the server's own HTTP interface."""
    address = server.wait_until_ready() + quote(path, safe="/:@?=&")
    request = urllib.request.Request(address, data=body, method=method)
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return bytes(answer.read())
