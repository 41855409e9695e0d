"""The items, over HTTP."""

import json
import unicodedata
from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify, make_response, request, url_for

from .store import Item, ItemStore

MAX_NAME_LENGTH = 200


def item_pages(store: ItemStore) -> Blueprint:
    """`/items` lists and adds, `/items/<id>` shows and removes."""
    pages = Blueprint("items", __name__, url_prefix="/items")

    @pages.get("")
    def show_all() -> Response:
        return jsonify([asdict(item) for item in store.all()])

    @pages.post("")
    def add() -> Response:
        item = store.add(_name_in(request.get_data()))
        response = make_response(asdict(item), 201)
        response.location = url_for("items.show", item_id=item.id)
        return response

    @pages.get("/<item_id>")
    def show(item_id: str) -> Response:
        return jsonify(asdict(_found(store, item_id)))

    @pages.delete("/<item_id>")
    def remove(item_id: str) -> tuple[str, int]:
        if not store.remove(_number(item_id)):
            abort(404, "There is no item with this id.")
        return "", 204

    return pages


def _found(store: ItemStore, item_id: str) -> Item:
    item = store.get(_number(item_id))
    if item is None:
        abort(404, "There is no item with this id.")
    return item


def _number(item_id: str) -> int:
    """The id as a number that a store can hold; else 404, for no item has such an id."""
    if item_id.isascii() and item_id.isdigit() and len(item_id) <= 18:
        return int(item_id)
    abort(404, "There is no item with this id.")


def _name_in(body: bytes) -> str:
    """The name in a JSON body, without blanks around it; 400 with the reason if it is not fit."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        abort(400, 'The body must be JSON like {"name": "tea"}.')
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str) or not name.strip():
        abort(400, 'The body must be a JSON object with a "name" that is a text and not empty.')
    name = name.strip()
    if len(name) > MAX_NAME_LENGTH:
        abort(400, f"The name must not be longer than {MAX_NAME_LENGTH} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        abort(400, "The name must not have control characters in it.")
    return name
