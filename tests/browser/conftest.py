"""A browser, a JupyterLab as the launcher starts it, and lessons open in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from helpers.engine.base.project_files import ROOT
from helpers.engine.connection.client import find_client
from helpers.engine.host.browser import find_browser
from helpers.launcher.engine_for import Choice
from helpers.launcher.jupyter_server import JupyterServer
from helpers.launcher.lab import lab_server
from helpers.lessons.notebook_file import new_cell, new_notebook
from tests.aftermath import FAILED
from tests.browser.lesson_page import (
    WINDOW,
    LessonPage,
    OpenCells,
    OpenLesson,
    Theme,
    call_server,
    still_cursors,
)
from tests.browser.steady_browser import steady

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
_FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The machine's Chromium without a window."""
    program = steady(str(find_browser()), tmp_path_factory.mktemp("browser"))
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_FLAGS, *as_root])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """JupyterLab as `./workbook lab` runs it, on a copy of the lessons, which pages may change."""
    root = tmp_path_factory.mktemp("workbook")
    left_out = shutil.ignore_patterns(".*", "__pycache__")
    for name in ("notebooks", "sample_app", "monitoring"):
        shutil.copytree(ROOT / name, root / name, ignore=left_out)
    client, endpoint = find_client()
    client.close()
    choice = Choice(endpoint)
    with lab_server(choice, root, state=tmp_path_factory.mktemp("jupyter")) as server:
        server.wait_until_ready()
        still_cursors(server)
        yield server


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all pages, so that JupyterLab's files are fetched and compiled once."""
    context = browser.new_context(viewport=WINDOW)
    yield context
    context.close()


@dataclass
class SharedPage:
    """One page of code cells for the tests that ask for the same, as long as none has spoilt it."""

    context: BrowserContext
    lab: JupyterServer
    page: LessonPage | None = None
    cells: tuple[str, ...] = ()

    def showing(self, name: str, cells: tuple[str, ...], end: str) -> LessonPage:
        """A page with a title, these code cells and a text below them, none of them run."""
        count = 1 + len(cells) + bool(end)
        if self.page and self.cells == cells and self.page.is_usable(count):
            return self.page.tidy()
        self.close()
        path = write_cells(self.lab, name, cells, end)
        self.page, self.cells = LessonPage(self.context.new_page(), self.lab, path), cells
        return self.page.open()

    def close(self) -> None:
        """The next test gets a page of its own."""
        if self.page:
            self.page.close()
            self.page = None


@pytest.fixture(scope="session")
def shared_page(context: BrowserContext, lab: JupyterServer) -> Iterator[SharedPage]:
    """The page that the tests of one view have in common."""
    shared = SharedPage(context, lab)
    yield shared
    shared.close()


@pytest.fixture
def open_lesson(shared_page: SharedPage) -> Iterator[OpenLesson]:
    """open_lesson('notebooks/00_start_here.ipynb', theme='dark') -> LessonPage.

    After the test its kernel ends, and it fails if the page logged an error or left the machine.
    """
    shared_page.close()  # JupyterLab gives a second page in one browser another workspace
    pages: list[LessonPage] = []

    def open_one(notebook: str, theme: Theme = "light") -> LessonPage:
        pages.append(LessonPage(shared_page.context.new_page(), shared_page.lab, notebook, theme))
        return pages[-1].open()

    yield open_one
    for page in pages:
        page.close()
    assert [problem for page in pages for problem in page.watch.take_problems()] == []


@pytest.fixture
def open_cells(shared_page: SharedPage, request: pytest.FixtureRequest) -> Iterator[OpenCells]:
    """open_cells('life', CELLS) -> a page with a title and these code cells, none run.

    `end` is a text below the last one. Kernel and page stay for the next test that asks for the
    same; where a test fails, or its page logs an error or leaves the machine, they do not.
    """

    def open_one(name: str, sources: Sequence[str], end: str = "") -> LessonPage:
        return shared_page.showing(name, tuple(sources), end)

    yield open_one
    problems = shared_page.page.watch.take_problems() if shared_page.page else []
    if problems or request.node.stash.get(FAILED, False):
        shared_page.close()
    assert problems == []


def write_cells(lab: JupyterServer, name: str, sources: Sequence[str], end: str) -> str:
    """The path of a new notebook on that server: a title, these code cells, and that text."""
    cells = [new_cell("markdown", f"# {name.title()}", "title")]
    cells += [new_cell("code", source, f"code-{at}") for at, source in enumerate(sources)]
    cells += [new_cell("markdown", end, "end")] if end else []
    content = new_notebook(cells, {"kernelspec": KERNEL})
    body = json.dumps({"type": "notebook", "format": "json", "content": content}).encode()
    call_server(lab, "PUT", f"api/contents/{name}.ipynb", body)
    return f"{name}.ipynb"
