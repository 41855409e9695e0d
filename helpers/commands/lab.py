"""`./workbook lab`: engine, images and JupyterLab, from nothing to the first lesson."""

from __future__ import annotations

import argparse
import os
import time

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.supply.served_index import reached_server
from helpers.engine.supply.vouching import ASK_FOR_ADDRESS
from helpers.launcher.engine_for import choose_engine
from helpers.launcher.jupyter_server import refuse_busy_port
from helpers.launcher.lab import Lab
from helpers.launcher.screen import console
from helpers.launcher.signals import signals_as_interrupts

_NOT_VOUCHED = (
    f"Nothing vouches for the images at that address: only what Docker Hub has too is taken. "
    f"{ASK_FOR_ADDRESS}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lab`."""
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="a port of 127.0.0.1 (default: from 8888 on)")
    parser.add_argument(
        "--from",
        dest="server",
        metavar="ADDRESS",
        help="take the images from the room's server, `./workbook serve` on another machine: "
        "http://HOST:PORT/#sha256-… as it is shown there, or with the five words",
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when the learner stopped it; everything that it started has ended by then."""
    began = time.monotonic()
    if arguments.port is not None:
        refuse_busy_port(arguments.port)
    allow_stand_ins(arguments)
    with signals_as_interrupts():
        try:
            if arguments.server:
                address = reached_server(arguments.server)
                if address.digest is None:
                    console().print(_NOT_VOUCHED, markup=False)
                os.environ["WORKBOOK_FROM"] = str(address)
            choice = choose_engine(not arguments.no_install, arguments.engine)
            Lab(choice, began, arguments.port, not arguments.no_browser).run()
        except KeyboardInterrupt:
            console().print("\nStopped: JupyterLab, its kernels and what the workbook started.")
    return 0
