"""The service that knows prices: `python -m shop.prices`."""

import os
import sys
from typing import TYPE_CHECKING

from app import serve

if TYPE_CHECKING:
    from flask import Flask
    from workbook_app.lifecycle import Lifecycle
    from workbook_app.settings import Settings


def prices_app(settings: "Settings", lifecycle: "Lifecycle") -> "Flask":
    """An app that answers with the prices that PRICES says."""
    from workbook_app.factory import bare_app
    from workbook_app.health import health_pages
    from workbook_app.settings import BadSetting

    from .price_list import price_list
    from .price_pages import price_pages

    try:
        prices = price_list(os.environ.get("PRICES", ""))
    except ValueError as error:
        raise BadSetting(f"PRICES must be like tea=250, coffee=320; {error}.") from None
    app, _ = bare_app(settings)
    app.register_blueprint(price_pages(prices))
    app.register_blueprint(health_pages(lifecycle, lambda: None))
    return app


if __name__ == "__main__":
    sys.exit(serve(prices_app))
