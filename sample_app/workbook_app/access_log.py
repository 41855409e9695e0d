"""One line for each request."""

import logging
import time
from urllib.parse import quote

from flask import Flask, Response, g, request

_log = logging.getLogger("workbook_app.access")


def log_requests(app: Flask) -> None:
    """Have a line logged for each request: client, request, status, bytes, milliseconds.

    It has no time of its own: Docker notes one for each line (`docker logs --timestamps`).
    """

    @app.before_request
    def start_clock() -> None:
        g.logged_from = time.perf_counter()

    @app.after_request
    def log(response: Response) -> Response:
        milliseconds = (time.perf_counter() - g.logged_from) * 1000
        size_bytes = response.calculate_content_length() or 0
        line = f'"{quote(request.method)} {_target()}" {response.status_code}'
        _log.info("%s %s %d B %.1f ms", request.remote_addr, line, size_bytes, milliseconds)
        return response


def _target() -> str:
    """The path and query, with whatever could forge or garble a line of the log quoted."""
    target = quote(request.path)
    query = request.query_string.decode("latin-1")
    return f"{target}?{quote(query, safe='=&%+,:/')}" if query else target
