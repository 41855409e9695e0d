"""A browser, a JupyterLab as the launcher starts it, and lessons open in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, sync_playwright

from helpers.commands.lab import lab_server
from helpers.engine.base.project_files import ROOT
from helpers.engine.connection.client import find_client
from helpers.engine.host.browser import find_browser
from helpers.launcher.engine_for import Choice
from helpers.launcher.jupyter_server import JupyterServer
from tests.browser.lesson_page import (
    LessonPage,
    OpenCells,
    OpenLesson,
    PageWatch,
    call_server,
    forget_open_pages,
    use_theme,
)
from tests.browser.steady_browser import steady

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
_WINDOW = {"width": 1280, "height": 900}
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
    for name in ("notebooks", "sample_app", "monitoring"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".*"))
    client, endpoint = find_client()
    client.close()
    choice = Choice(endpoint.host, endpoint.found_by)
    with lab_server(choice, root, state=tmp_path_factory.mktemp("jupyter")) as server:
        server.wait_until_ready()
        yield server


@pytest.fixture
def open_lesson(
    browser: Browser, lab: JupyterServer, request: pytest.FixtureRequest
) -> Iterator[OpenLesson]:
    """open_lesson('notebooks/00_start_here.ipynb', theme='dark') -> LessonPage.

    After the test its kernels end, and it fails if a page logged an error or left the machine.
    """
    watch = PageWatch()
    contexts = []

    def open_one(notebook: str, theme: str = "light") -> LessonPage:
        use_theme(lab, theme)
        forget_open_pages(lab)
        contexts.append(browser.new_context(viewport=_WINDOW, color_scheme=theme))
        page = contexts[-1].new_page()
        watch.follow(page)
        return LessonPage(page, lab, f"{Path(notebook).stem}-{theme}", watch).open(notebook)

    yield open_one
    for context in contexts:
        context.close()
    for session in json.loads(call_server(lab, "GET", "api/sessions")):
        call_server(lab, "DELETE", f"api/sessions/{session['id']}")
    assert watch.problems == []


@pytest.fixture
def open_cells(lab: JupyterServer, open_lesson: OpenLesson) -> OpenCells:
    """open_cells('life', CELLS, 'dark') -> a page with a title and these code cells, none run.

    `end` is a text below the last one.
    """

    def open_one(name: str, sources: Sequence[str], theme: str, end: str = "") -> LessonPage:
        title = nbformat.v4.new_markdown_cell(f"# {name.title()}")
        cells = [title, *(nbformat.v4.new_code_cell(source) for source in sources)]
        cells += [nbformat.v4.new_markdown_cell(end)] if end else []
        content = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
        body = json.dumps({"type": "notebook", "format": "json", "content": content}).encode()
        call_server(lab, "PUT", f"api/contents/{name}-{theme}.ipynb", body)
        return open_lesson(f"{name}-{theme}.ipynb", theme)

    return open_one
