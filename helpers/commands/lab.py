"""`./workbook lab`: engine, images and JupyterLab, from nothing to the first lesson."""

from __future__ import annotations

import argparse
import time

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.supply.served_index import reached_server
from helpers.engine.supply.vouching import ASK_FOR_ADDRESS
from helpers.launcher.engine_for import choose_engine
from helpers.launcher.jupyter_server import refuse_busy_port
from helpers.launcher.lab import Lab
from helpers.launcher.own_engine import take_engine
from helpers.launcher.screen import console
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.start_from import SERVER, StartFrom, add_from

_NOT_VOUCHED = (
    f"Nothing vouches for the images at that address: only what Docker Hub has too is taken. "
    f"{ASK_FOR_ADDRESS}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lab`."""
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="a port of 127.0.0.1 (default: from 8888 on)")
    add_from(parser)
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when the learner stopped it; everything that it started has ended by then."""
    began = time.monotonic()
    if arguments.port is not None:
        refuse_busy_port(arguments.port)
    allow_stand_ins(arguments)
    with signals_as_interrupts():
        try:
            start = _start(arguments)
            may_fetch = not arguments.no_install or bool(start and start.has_engine)
            choice = choose_engine(may_fetch, arguments.engine)
            if start and start.stick:
                if choice.private:
                    take_engine(choice.private.release, start.stick)
                start.stick.source.forget()
            bundled = start.names() if start else ()
            Lab(choice, began, arguments.port, not arguments.no_browser, bundled).run()
        except KeyboardInterrupt:
            console().print("\nStopped: JupyterLab, its kernels and what the workbook started.")
    return 0


def _start(arguments: argparse.Namespace) -> StartFrom | None:
    """What --from names, noted for all that looks for images; a server is asked first."""
    if not arguments.start:
        return None
    start = StartFrom.parse(arguments.start, arguments.sha256)
    if start.variable == SERVER:
        reached_server(start.value)
        if start.stick is None:
            console().print(_NOT_VOUCHED, markup=False)
    start.use()
    return start
