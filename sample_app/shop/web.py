"""The shop: `python -m shop.web`."""

import atexit
import logging
import os
import sys
from typing import TYPE_CHECKING

from app import serve

if TYPE_CHECKING:
    from flask import Flask
    from workbook_app.lifecycle import Lifecycle
    from workbook_app.settings import Settings
    from workbook_app.store import ItemStore

_log = logging.getLogger(__name__)


def shop_app(settings: "Settings", lifecycle: "Lifecycle") -> "Flask":
    """The app with the store and the service of prices that the environment names."""
    from workbook_app.factory import create_app

    from .price_source import price_source
    from .priced_items import priced_item_page

    url = os.environ.get("PRICES_URL")
    source = price_source(url) if url else None
    store = _store(settings)
    app = create_app(settings, lifecycle, store)
    app.register_blueprint(priced_item_page(store, source))
    return app


def _store(settings: "Settings") -> "ItemStore":
    """In PostgreSQL where the environment names one, else in the folder DATA, else in memory."""
    from workbook_app.settings import BadSetting
    from workbook_app.store import open_store

    from .database import database_from

    database = database_from(os.environ)
    if database is None:
        return open_store(settings.data)
    try:
        from .postgres_store import PostgresStore
    except ImportError:
        raise BadSetting(
            "PostgreSQL needs the package psycopg: pip install -r shop/requirements.txt."
        ) from None
    store = PostgresStore(database)
    atexit.register(store.close)
    _log.info("Items are kept in the %s", database)
    return store


if __name__ == "__main__":
    sys.exit(serve(shop_app))
