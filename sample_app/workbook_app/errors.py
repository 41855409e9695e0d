"""Errors, answered in JSON with one sentence."""

from flask import Flask, Response, current_app, json
from werkzeug.exceptions import HTTPException, default_exceptions

_SENTENCES = {
    404: "There is no such page.",
    405: "This page does not take that method.",
    413: "The body is too big.",
    500: "The app met an error of its own; its log tells more.",
}


class Unavailable(Exception):
    """A part that the app needs cannot be used. Its text is one sentence that says why."""


def answer_errors_in_json(app: Flask) -> None:
    """Have every error of the app answered as `{"error": "one sentence"}`."""
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Unavailable, _answer_unavailable)


def _answer_http_error(error: HTTPException) -> Response:
    response = Response(status=error.code or 500, headers=error.get_headers())
    response.data = json.dumps({"error": _sentence(error)}) + "\n"
    response.content_type = "application/json"
    return response


def _answer_unavailable(error: Unavailable) -> tuple[dict[str, str], int]:
    current_app.logger.error("%s", error)
    return {"error": str(error)}, 503


def _sentence(error: HTTPException) -> str:
    """What the app itself said, or else our own words for that status."""
    code = error.code or 500
    usual = default_exceptions[code].description if code in default_exceptions else None
    if error.description and error.description != usual:
        return error.description
    return _SENTENCES.get(code, error.name + ".")
