"""Start the app: read the settings, listen, serve until told to stop."""

import logging
import os
import sys
from typing import TYPE_CHECKING

from workbook_app.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from workbook_app.settings import Settings


def app_of_one_part(settings: "Settings", lifecycle: Lifecycle) -> "Flask":
    """The app with a store of its own."""
    from workbook_app.factory import create_app

    return create_app(settings, lifecycle)


def serve(make_app: "Callable[[Settings, Lifecycle], Flask]") -> int | str:
    """The exit status: 0 after a graceful stop, or a sentence that says why it could not start."""
    lifecycle = Lifecycle()
    lifecycle.obey_signals()
    # Imported only now, as all that `make_app` needs. The first process of a container ignores
    # every signal it has no handler for, so a stop during the slow imports would be lost.
    from workbook_app.errors import Unavailable
    from workbook_app.server import Server, open_listener
    from workbook_app.settings import BadSetting, Settings

    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    try:
        settings = Settings.from_environment(os.environ)
        app = make_app(settings, lifecycle)
        listener = open_listener(settings.host, settings.port)
        server = Server(app, listener, lifecycle, drain_seconds=settings.drain_seconds)
    except (BadSetting, Unavailable) as error:
        return str(error)
    cut_off = server.run()
    lifecycle.ignore_signals()
    return 0 if cut_off == 0 else 1


if __name__ == "__main__":
    sys.exit(serve(app_of_one_part))
