"""Whether the app can serve."""

from flask import Blueprint

from .lifecycle import Lifecycle
from .store import ItemStore, StoreUnavailable


def health_page(lifecycle: Lifecycle, store: ItemStore) -> Blueprint:
    """`GET /healthz`: 200 while the app can serve, 503 while it stops or has no store."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def health() -> tuple[dict[str, str], int]:
        if lifecycle.stopping:
            return {"status": "stopping"}, 503
        try:
            store.check()
        except StoreUnavailable as error:
            return {"status": "no store", "error": str(error)}, 503
        return {"status": "ok"}, 200

    return pages
