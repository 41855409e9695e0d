"""Prices over HTTP, as the service of prices answers them."""

from collections.abc import Mapping

from flask import Blueprint, abort


def price_pages(prices: Mapping[str, int]) -> Blueprint:
    """`GET /prices`: all, in cents, by name. `GET /prices/tea`: one."""
    pages = Blueprint("prices", __name__, url_prefix="/prices")

    @pages.get("")
    def show_all() -> dict[str, int]:
        return dict(prices)

    @pages.get("/<name>")
    def show(name: str) -> dict[str, str | int]:
        if name not in prices:
            abort(404, "Nothing of this name has a price.")
        return {"name": name, "cents": prices[name]}

    return pages
