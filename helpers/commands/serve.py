"""`./workbook serve`: the images of the lessons offered to a room, over the local network."""

from __future__ import annotations

import argparse
import errno
import tempfile
import time
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.server import PORT, BundleServer, own_addresses
from helpers.errors import InvalidInput
from helpers.launcher.screen import complain, console, image_bars
from helpers.launcher.signals import signals_as_interrupts
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.units import format_bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`."""
    parser.epilog = (
        f"Others type `./workbook lab --from http://ADDRESS:{PORT}`. "
        "Anyone on this network can read it. Ctrl-C ends it."
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a bundle of `bundle save` (default: one is made of what this engine has)",
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"(default: {PORT})")
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when it was stopped with Ctrl-C."""
    allow_stand_ins(arguments)
    with tempfile.TemporaryDirectory(
        prefix="workbook-serve-", ignore_cleanup_errors=True
    ) as folder:
        path = arguments.file or _made(Path(folder) / "lessons.tar", arguments)
        _offer(path, arguments.port)
    return 0


def _offer(path: Path, port: int) -> None:
    """Serves that bundle until Ctrl-C; the file is closed when this returns."""
    with signals_as_interrupts(), _server(_checked(path), port) as server:
        _serve(server)


def _checked(path: Path) -> BundleFile:
    bundle = BundleFile(path)
    with image_bars() as bars:
        bundle.verify(
            on_bytes=lambda done, total: bars(
                SupplyProgress(path.name, Source.BUNDLE, "checking", done, total)
            )
        )
    return bundle


def _made(path: Path, arguments: argparse.Namespace) -> Path:
    from helpers.commands import bundle

    arguments.action, arguments.file, arguments.platform, arguments.lesson = "save", path, [], []
    bundle.main(arguments)
    return path


def _server(bundle: BundleFile, port: int) -> BundleServer:
    try:
        return BundleServer(bundle, port, on_trouble=complain)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise InvalidInput(
                f"Port {port} of this machine cannot be had: {error.strerror}.",
                f"Choose another: `--port {port + 10}`.",
            ) from None
        raise


def _serve(server: BundleServer) -> None:
    terminal, port = console(), server.server_port
    terminal.print(f"\n{len(server.bundle.images)} images are offered. Everybody types:\n")
    for address in own_addresses() or ["127.0.0.1"]:
        terminal.print(f"    ./workbook lab --from http://{address}:{port}", markup=False)
    terminal.print("\nWhoever is on this network can read them. Ctrl-C here ends it.")
    started = time.monotonic()
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        minutes = (time.monotonic() - started) / 60
        given = format_bytes(server.served_bytes)
        terminal.print(f"\nStopped after {minutes:.0f} minutes; {given} were given.")
