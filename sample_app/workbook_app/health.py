"""Whether the app lives, and whether it can serve."""

from collections.abc import Callable

from flask import Blueprint

from .errors import Unavailable
from .lifecycle import Lifecycle


def health_pages(lifecycle: Lifecycle, check: Callable[[], None]) -> Blueprint:
    """`GET /livez`: 200 while it answers. `GET /readyz` or `/healthz`: 503 while it cannot serve.

    Who is not alive is to be started again, who is not ready only gets no requests: a store that
    is away, which `check` raises Unavailable for, is no fault of the app, and a new start mends
    nothing.
    """
    pages = Blueprint("health", __name__)

    @pages.get("/livez")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @pages.get("/readyz")
    @pages.get("/healthz")
    def ready() -> tuple[dict[str, str], int]:
        if lifecycle.stopping:
            return {"status": "stopping"}, 503
        try:
            check()
        except Unavailable as error:
            return {"status": "no store", "error": str(error)}, 503
        return {"status": "ok"}, 200

    return pages
