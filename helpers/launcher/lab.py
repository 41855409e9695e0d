"""From an engine that was chosen to a JupyterLab that runs, and its end."""

from __future__ import annotations

import os
import sys
import threading
import time
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.base.folders import state_dir
from helpers.errors import Interrupted, WorkbookError
from helpers.launcher.engine_for import Choice, held
from helpers.launcher.jupyter_server import JupyterServer
from helpers.launcher.learner_folder import LearnerFolder
from helpers.launcher.open_page import close_to_others
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.screen import complain, console
from helpers.launcher.supply_images import image_names, supply_all, supply_images
from helpers.lessons.lesson_files import committed_lessons
from helpers.model.course.lesson import lesson
from helpers.model.text.units import format_seconds

_FIRST = "00"
_AHEAD = ("01", "02", "03")
_PAGE_SECONDS = 60
_ALL_HERE = "All images of the bundle are here: its file is not needed any more."


def lab_server(
    choice: Choice, root: Path, port: int | None = None, state: Path | None = None
) -> JupyterServer:
    """JupyterLab as `./workbook lab` runs it, not started yet; `root` is what it shows."""
    return JupyterServer(root, state or state_dir() / "jupyter", port, choice.environment())


@dataclass(frozen=True)
class Lab:
    """JupyterLab for one learner; `began` is when the command did, on the monotonic clock.

    `bundled` are the images of the file that it was started from: all of them are brought at once,
    since who brought the stick takes it away again.
    """

    choice: Choice
    began: float
    port: int | None = None
    opens_browser: bool = True
    bundled: tuple[str, ...] = ()

    def run(self) -> None:
        """Returns when JupyterLab has ended, and with it all that was started here."""
        folder = LearnerFolder.of_workbook()
        kept = folder.follow()
        server = lab_server(self.choice, folder.path, self.port)
        try:
            # It needs only the engine's address, so it starts while the engine is being set up.
            server.start()
            with held(self.choice):
                try:
                    self._work(server, kept)
                finally:
                    server.stop()
        finally:
            server.stop()

    def _work(self, server: JupyterServer, kept: list[str]) -> None:
        console().print(self.choice.sentence(), markup=False)
        if kept:
            console().print(_kept_sentence(kept), markup=False)
        _supply_first(self.choice)
        with ProgressLine("Starting JupyterLab"):
            server.wait_until_ready()
        invite(server, self.began, self.opens_browser)
        ahead = (self.choice, server, self.bundled)
        threading.Thread(target=_supply_ahead, args=ahead, daemon=True).start()
        server.wait()
        console().print("JupyterLab has been shut down.")


def _kept_sentence(names: list[str]) -> str:
    return (
        f"Changed by you and by the workbook, so yours is kept: {', '.join(names)}."
        " For the workbook's, rename yours and start again."
    )


def _supply_first(choice: Choice) -> None:
    """The images of the first lesson; where one cannot be had, the lesson says so again."""
    try:
        supply_images(choice, [_FIRST])
    except Interrupted:
        raise
    except WorkbookError as error:
        complain(error)


def _supply_ahead(choice: Choice, server: JupyterServer, bundled: Sequence[str]) -> None:
    """The images of the next lessons, or all of a bundle's file, while the learner reads.

    Given up when the server ends.
    """

    def give_up_with_server(progress: object) -> None:
        if server.has_ended():
            raise Interrupted("The workbook was stopped.")

    ahead = [number for number in _AHEAD if number in committed_lessons()]
    names = list(bundled) or image_names(ahead)
    try:
        if names and supply_all(choice, names, give_up_with_server):
            console().print(_ALL_HERE if bundled else "The images of the next lessons are here.")
    except Interrupted:
        return
    except WorkbookError as error:
        if not server.has_ended():
            complain(error)


def invite(server: JupyterServer, began: float, browser: bool) -> None:
    """The address on the screen, and the first lesson in a browser where there is one."""
    notebook = lesson(_FIRST).file_name
    close_to_others(sys.stdout)
    seconds = format_seconds(time.monotonic() - began)
    terminal = console()
    terminal.print(f"\nJupyterLab is ready, after {seconds}. Open this address in a browser:")
    terminal.print(f"\n    {server.url(notebook)}\n", markup=False, soft_wrap=True)
    terminal.print("Ctrl-C here stops it, its kernels and the workbook's engine.")
    sys.stdout.flush()
    if browser and _has_screen():
        threading.Thread(target=_open_browser, args=(server, notebook), daemon=True).start()


def _open_browser(server: JupyterServer, notebook: str) -> None:
    """The browser is on its way; the page that leads it is gone again a minute later.

    WSL opens a browser of Windows, which finds no file of Linux: there the token is asked for.
    """
    if "WSL_DISTRO_NAME" in os.environ:
        webbrowser.open(server.plain_url(notebook))
        return
    page = server.page(notebook)
    webbrowser.open(page.as_uri())
    time.sleep(_PAGE_SECONDS)
    page.unlink(missing_ok=True)


def _has_screen() -> bool:
    """Whether a graphical browser can open here; a text browser would take the terminal."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
