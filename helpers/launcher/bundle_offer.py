"""A bundle offered to everybody on the local network, until Ctrl-C."""

from __future__ import annotations

import errno
import time
from pathlib import Path

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.server import BundleServer, own_addresses
from helpers.errors import InvalidInput
from helpers.launcher.screen import complain, console, image_bars
from helpers.launcher.signals import signals_as_interrupts
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.units import format_bytes


def offer(path: Path, port: int) -> None:
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
    offered = [f"{len(server.bundle.images)} images", *map(str, server.bundle.artifacts)]
    terminal.print(f"\nOffered: {', '.join(offered)}. Everybody types:\n", markup=False)
    digest = server.bundle.digest
    for host in own_addresses() or ["127.0.0.1"]:
        start = f"    ./workbook lab --from http://{host}:{port}/#"
        terminal.print(f"{start}{digest.words}", markup=False, soft_wrap=True)
        terminal.print(f"or, in full:\n{start}{digest}", markup=False, soft_wrap=True)
    terminal.print("\nWhat stands behind the # vouches for all that comes: show all of it.")
    terminal.print("Whoever is on this network can read them. Ctrl-C here ends it.")
    started = time.monotonic()
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        minutes = (time.monotonic() - started) / 60
        amount = format_bytes(server.served_bytes)
        terminal.print(f"\nStopped after {minutes:.0f} minutes; {amount} were given.")
