"""`./workbook lab`: engine, images and JupyterLab, from nothing to the first lesson."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
import webbrowser
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.base.folders import state_dir
from helpers.engine.supply.served_bundle import reached_room
from helpers.errors import Interrupted, WorkbookError
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.jupyter_server import JupyterServer, refuse_busy_port
from helpers.launcher.learner_folder import LearnerFolder
from helpers.launcher.open_page import close_to_others
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.screen import complain, console
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.lessons.lesson_files import committed_lessons
from helpers.model.course.lesson import lesson
from helpers.model.text.units import format_seconds

_FIRST = "00"
_AHEAD = ("01", "02", "03")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lab`."""
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="a port of 127.0.0.1 (default: from 8888 on)")
    parser.add_argument(
        "--from",
        dest="room",
        metavar="ADDRESS",
        help="take the images from the room's server, `./workbook serve` on another machine",
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when the learner stopped it; everything that it started has ended by then."""
    started = time.monotonic()
    if arguments.port is not None:
        refuse_busy_port(arguments.port)
    with signals_as_interrupts():
        try:
            _run(arguments, started)
        except KeyboardInterrupt:
            console().print("\nStopped: JupyterLab, its kernels and what the workbook started.")
    return 0


def lab_server(
    choice: Choice, root: Path, port: int | None = None, state: Path | None = None
) -> JupyterServer:
    """JupyterLab as `./workbook lab` runs it, not started yet; `root` is what it shows."""
    return JupyterServer(root, state or state_dir() / "jupyter", port, choice.environment())


def _run(arguments: argparse.Namespace, started: float) -> None:
    allow_stand_ins(arguments)
    if arguments.room:
        os.environ["WORKBOOK_ROOM"] = reached_room(arguments.room)
    choice = choose_engine(install=not arguments.no_install)
    folder = LearnerFolder.of_workbook()
    kept = folder.follow()
    server = lab_server(choice, folder.path, arguments.port)
    try:
        # It needs only the engine's address, so it starts while the engine is being set up.
        server.start()
        with held(choice):
            try:
                _work(choice, server, arguments, started, kept)
            finally:
                server.stop()
    finally:
        server.stop()


def _work(
    choice: Choice,
    server: JupyterServer,
    arguments: argparse.Namespace,
    started: float,
    kept: list[str],
) -> None:
    console().print(choice.sentence(), markup=False)
    if kept:
        console().print(_kept_sentence(kept), markup=False)
    _supply_first(choice)
    with ProgressLine("Starting JupyterLab"):
        server.wait_until_ready()
    _invite(server, started, browser=not arguments.no_browser)
    threading.Thread(target=_supply_ahead, args=(choice, server), daemon=True).start()
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


def _supply_ahead(choice: Choice, server: JupyterServer) -> None:
    """The images of the next lessons, while the learner reads; given up when the server ends."""

    def give_up_with_server(progress: object) -> None:
        if server.has_ended():
            raise Interrupted("The workbook was stopped.")

    lessons = [number for number in _AHEAD if number in committed_lessons()]
    try:
        if lessons and supply_images(choice, lessons, give_up_with_server):
            console().print("The images of the next lessons are here.")
    except Interrupted:
        return
    except WorkbookError as error:
        if not server.has_ended():
            complain(error)


def _invite(server: JupyterServer, started: float, browser: bool) -> None:
    notebook = lesson(_FIRST).file_name
    close_to_others(sys.stdout)
    seconds = format_seconds(time.monotonic() - started)
    terminal = console()
    terminal.print(f"\nJupyterLab is ready, after {seconds}. Open this address in a browser:")
    terminal.print(f"\n    {server.url(notebook)}\n", markup=False, soft_wrap=True)
    terminal.print("Ctrl-C here stops it, its kernels and the workbook's engine.")
    sys.stdout.flush()
    if browser and _has_screen():
        # WSL opens a browser of Windows, which finds no file of Linux; it is asked for the token.
        in_wsl = "WSL_DISTRO_NAME" in os.environ
        target = server.plain_url(notebook) if in_wsl else server.page(notebook).as_uri()
        threading.Thread(target=webbrowser.open, args=(target,), daemon=True).start()


def _has_screen() -> bool:
    """Whether a graphical browser can open here; a text browser would take the terminal."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
