"""The shop's page that needs two others: its store, and the service of prices."""

from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify
from workbook_app.store import ItemStore

from .price_source import PriceSource


def priced_item_page(store: ItemStore, source: PriceSource | None) -> Blueprint:
    """`GET /prices`: each item with what it costs in cents, null where nobody says.

    Without the service it answers 503, and the pages of items as before.
    """
    pages = Blueprint("priced_items", __name__)

    @pages.get("/prices")
    def show_all() -> Response:
        if source is None:
            abort(404, "This shop knows no prices: PRICES_URL says where their service is.")
        prices = source.prices()
        return jsonify([{**asdict(item), "cents": prices.get(item.name)} for item in store.all()])

    return pages
