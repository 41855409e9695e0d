"""A lesson open in JupyterLab in a real browser, and what went wrong in its page."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from helpers.launcher.jupyter_server import JupyterServer
from tests.browser.contrast import pale_texts
from tests.browser.page_watch import PageWatch

Theme = Literal["light", "dark"]
THEMES: dict[Theme, str] = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
LOAD_SECONDS = 60
CELL_SECONDS = 180
SCREENSHOTS = Path(__file__).parent / "screenshots"
_RED = "[data-mime-type='application/vnd.jupyter.stderr']"
# How an error begins below a cell: with its class.
_FAILURE = re.compile(r"^(?:[A-Z][a-z]\w+: |Traceback)", re.MULTILINE)
_RAN = re.compile(r"\[\d+\]")
_PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
_HAS_RUN = f"""number => {{
    const cell = document.querySelectorAll("{_PANEL} .jp-Notebook .jp-Cell")[number];
    return /^\\[\\d+\\]/.test(cell.querySelector(".jp-InputPrompt").textContent);
}}"""
WINDOW: Any = {"width": 1280, "height": 900}
_SETTING = "lab/api/settings/@jupyterlab/apputils-extension:themes"
_EDITOR = "lab/api/settings/@jupyterlab/codemirror-extension:plugin"
_WORKSPACE = "lab/api/workspaces/default"


OpenLesson = Callable[..., "LessonPage"]
OpenCells = Callable[..., "LessonPage"]


@dataclass
class LessonPage:
    """The page of one notebook, whose path is below the server's root, in a theme."""

    page: Page
    server: JupyterServer
    path: str
    theme: Theme = "light"
    watch: PageWatch = field(default_factory=PageWatch)
    _meant: int = 0

    def open(self) -> LessonPage:
        """The notebook, shown, its kernel idle, no outputs yet."""
        use_theme(self.server, self.theme)
        forget_open_pages(self.server)
        self.page.emulate_media(color_scheme=self.theme)
        self.watch.follow(self.page)
        self.page.goto(self.server.url(self.path))
        expect(self.notebook.locator("h1").first).to_be_visible(timeout=LOAD_SECONDS * 1000)
        kernel = self.page.locator(f"{_PANEL} .jp-KernelName")
        expect(kernel).to_contain_text("Python 3", timeout=LOAD_SECONDS * 1000)
        self.wait_until_idle()
        self.menu("Edit", "Clear Outputs of All Cells")
        return self

    def close(self) -> None:
        """The page is closed, and its kernel has ended."""
        self.page.close()
        for session in self._sessions():
            call_server(self.server, "DELETE", f"api/sessions/{session['id']}")

    def is_usable(self, cells: int) -> bool:
        """Whether it still shows that many cells, and has its kernel."""
        return not self.page.is_closed() and bool(self._sessions()) and self.cells.count() == cells

    def tidy(self) -> LessonPage:
        """The page as it was opened: no outputs, the kernel idle and the window of usual size."""
        self.page.set_viewport_size(WINDOW)
        self.wait_until_idle()
        self.menu("Edit", "Clear Outputs of All Cells")
        return self

    def kernel_address(self) -> str:
        """Where its kernel's messages are to be had, a WebSocket's address."""
        [session] = self._sessions()
        server = self.server.wait_until_ready().replace("http:", "ws:", 1)
        return f"{server}api/kernels/{session['kernel']['id']}/channels"

    def _sessions(self) -> list[dict[str, Any]]:
        every = json.loads(call_server(self.server, "GET", "api/sessions"))
        return [session for session in every if session["path"] == self.path]

    def menu(self, name: str, *entries: str) -> None:
        """Chooses that entry of that menu, by way of the submenus before it."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{name}$")).click()
        for entry in entries:
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
    def failed_cells(self) -> Locator:
        """Those with an error below: its sentence, and the engine's words where it had some.

        JupyterLab shows tracebacks and stderr alike.
        """
        return self.cells.filter(has=self.page.locator(_RED))

    def has_only_told(self, number: int, source: str) -> bool:
        """Whether a command that is typed in that cell wrote on stderr there, and did not fail."""
        if "%docker" not in source:
            return False
        texts = self.cells.nth(number).locator(_RED).all_inner_texts()
        return bool(texts) and not any(_FAILURE.search(text) for text in texts)

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

    def delete_cell(self) -> None:
        """Deletes the active cell, by JupyterLab's own keys."""
        count = self.cells.count()
        self.page.keyboard.press("d")
        self.page.keyboard.press("d")
        expect(self.cells).to_have_count(count - 1)

    def begin(self) -> list[dict[str, Any]]:
        """All cells as the server has them, each of them in the page, the first one active."""
        reply = json.loads(call_server(self.server, "GET", f"api/contents/{self.path}"))
        cells: list[dict[str, Any]] = reply["content"]["cells"]
        # JupyterLab attaches cells little by little, and adds one when the last has run.
        expect(self.cells).to_have_count(len(cells), timeout=LOAD_SECONDS * 1000)
        self.cells.first.click(position={"x": 4, "y": 4})
        self._meant = 0
        return cells

    def run_next(self, number: int, cell: dict[str, Any], seconds: float = CELL_SECONDS) -> None:
        """Runs the active cell, which has that number, and goes on to the next one.

        Raises an AssertionError at an error that the lesson does not make on purpose.
        """
        self.page.keyboard.press("Shift+Enter")
        if cell["cell_type"] != "code":
            return
        # Not at every frame: the browser would draw frames for nothing but that.
        self.page.wait_for_function(_HAS_RUN, arg=number, timeout=seconds * 1000, polling=50)
        is_meant = "raises-exception" in cell["metadata"].get("tags", [])
        self._meant += is_meant or self.has_only_told(number, cell["source"])
        shown = self.failed_cells.last
        assert self.failed_cells.count() <= self._meant, f"cell {number + 1}: {shown.inner_text()}"

    def look(self, what: str) -> None:
        """A picture in this theme and one in the other, to which the page changes; in both all
        text of the outputs stands out from what is behind it.
        """
        self._look_once(what)
        self.change_theme("dark" if self.theme == "light" else "light")
        self._look_once(what)

    def change_theme(self, theme: Theme) -> None:
        """Chooses that theme in the menu, 'light' or 'dark'."""
        self.menu("Settings", "Theme", THEMES[theme])
        is_light = str(theme == "light").lower()
        expect(self.page.locator(f"body[data-jp-theme-light='{is_light}']")).to_be_attached()
        self.page.emulate_media(color_scheme=theme)
        self.theme = theme

    def _look_once(self, what: str) -> None:
        self.screenshot(what)
        assert pale_texts(self.page, f"{_PANEL} .jp-OutputArea-output") == [], (
            f"hard to read in the {self.theme} theme"
        )

    def screenshot(self, what: str) -> Path:
        """A picture of the window as it is now, kept in tests/browser/screenshots."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{Path(self.path).stem}-{self.theme}-{what}.png"
        self.page.screenshot(path=path, animations="disabled")
        return path


def use_theme(server: JupyterServer, theme: Theme) -> None:
    """Sets JupyterLab's theme, 'light' or 'dark', for pages opened from now on."""
    settings = json.dumps({"raw": json.dumps({"theme": THEMES[theme]})}).encode()
    call_server(server, "PUT", _SETTING, settings)


def still_cursors(server: JupyterServer) -> None:
    """Lets no cursor blink: with one in each cell's editor, that took an eighth of the browser's
    time, and a picture had it or not.
    """
    still = json.dumps({"raw": json.dumps({"defaultConfig": {"cursorBlinkRate": 0}})}).encode()
    call_server(server, "PUT", _EDITOR, still)


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
