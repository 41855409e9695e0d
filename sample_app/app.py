"""Start the app: read the settings, listen, serve until told to stop."""

import logging
import os
import sys

from workbook_app.lifecycle import Lifecycle


def main() -> int | str:
    """The exit status: 0 after a graceful stop, or a sentence that says why it could not start."""
    lifecycle = Lifecycle()
    lifecycle.obey_signals()
    # Imported only now. The first process of a container ignores every signal it has no
    # handler for, so a stop during the slow imports would otherwise be lost.
    from workbook_app.factory import create_app
    from workbook_app.server import Server, open_listener
    from workbook_app.settings import BadSetting, Settings
    from workbook_app.store import StoreUnavailable

    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    try:
        settings = Settings.from_environment(os.environ)
        app = create_app(settings, lifecycle)
        server = Server(app, open_listener(settings.host, settings.port), lifecycle)
    except (BadSetting, StoreUnavailable) as error:
        return str(error)
    cut_off = server.run()
    lifecycle.ignore_signals()
    return 0 if cut_off == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
