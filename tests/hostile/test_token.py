"""JupyterLab's token, with which anybody has a kernel of ours: no other user gets to see it."""

from __future__ import annotations

import json
import os
import sys
import time
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from helpers.launcher import lab
from helpers.launcher.jupyter_server import JupyterServer
from tests.hostile.local_user import NOBODY, is_root

pytestmark = pytest.mark.skipif(not is_root(), reason="only root can play another user")
# A browser that notes what another user reads in its arguments.
BROWSER = """#!/bin/sh
setpriv --reuid={nobody} --regid={nobody} --clear-groups cat /proc/$$/cmdline > '{noted}.part'
mv '{noted}.part' '{noted}'
"""


@pytest.fixture
def server(tmp_path: Path) -> JupyterServer:
    """One that has said where it listens; it does not run."""
    (tmp_path / "work").mkdir()
    server = JupyterServer(tmp_path / "work", tmp_path / "state")
    server.folders.write({"token": server.token})
    where = {"port": 8888, "base_url": "/"}
    (server.folders.runtime / "jpserver-1.json").write_text(json.dumps(where))
    return server


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the browser of this machine notes what others read of it."""
    program, noted = tmp_path / "browser", tmp_path / "noted"
    program.write_text(BROWSER.format(nobody=NOBODY, noted=noted))
    program.chmod(0o755)
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setenv("BROWSER", f"{program} %s")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WSL_DISTRO_NAME", raising=False)
    return noted


def arguments(noted: Path) -> list[str]:
    """The browser's arguments, once it has started."""
    deadline = time.monotonic() + 20
    while not noted.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return noted.read_text().rstrip("\0").split("\0")


def test_it_is_in_no_argument_of_the_browser(server: JupyterServer, noted: Path) -> None:
    lab.invite(server, time.monotonic(), browser=True)
    shown = arguments(noted)
    assert [word for word in shown if server.token in word] == []
    page = Path(url2pathname(urlsplit(shown[-1]).path))
    assert server.url("00_start_here.ipynb") in page.read_text()
    assert page.stat().st_mode & 0o777 == 0o600
    server.stop()
    assert not page.exists()


def test_a_browser_of_windows_is_led_there_without_it(
    server: JupyterServer, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WSL_DISTRO_NAME", "Debian")
    lab.invite(server, time.monotonic(), browser=True)
    assert arguments(noted)[-1] == "http://127.0.0.1:8888/lab/tree/00_start_here.ipynb"


def test_a_page_of_a_workbook_that_was_killed_goes_with_the_next_one(
    server: JupyterServer, tmp_path: Path
) -> None:
    old = tmp_path / f"work/.open-{2**22 + 1}-x.html"
    other = tmp_path / f"work/.open-{os.getppid()}-x.html"
    for page in (old, other):
        page.touch()
    page = server.page()
    assert (old.exists(), other.exists(), page.exists()) == (False, True, True)


def test_no_file_with_it_can_be_read_by_others(
    server: JupyterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a log that the launcher's output goes to."""
    before = os.umask(0)
    try:
        with (tmp_path / "log").open("w") as log:
            monkeypatch.setattr(sys, "stdout", log)
            lab.invite(server, time.monotonic(), browser=False)
        server.page()
    finally:
        os.umask(before)
    told = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and server.token in path.read_text(errors="replace")
    ]
    assert len(told) == 3, "its settings, the page, the log"
    assert [path for path in told if path.stat().st_mode & 0o077] == []


def test_what_jupyterlab_said_last_is_shown_without_it(server: JupyterServer) -> None:
    server.folders.log.write_text(f"or paste: {server.url()}\n")
    assert "?token=…" in server._failure("It ended.").message


def test_the_page_is_gone_once_the_browser_has_read_it(
    server: JupyterServer, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build of the learner's folder would take it along."""
    monkeypatch.setattr(lab, "_PAGE_SECONDS", 0)
    lab._open_browser(server, "00_start_here.ipynb")
    page = Path(url2pathname(urlsplit(arguments(noted)[-1]).path))
    assert not page.exists()
