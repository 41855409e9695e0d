"""Numbers in a query string."""

from flask import abort, request


def whole_number(name: str, most: int) -> int:
    """The query's whole number of that name, from 1 to `most`; 400 if it is anything else."""
    text = request.args.get(name, "")
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most:
        return int(text)
    abort(400, f"{name} must be a whole number from 1 to {most}, as in {request.path}?{name}=10.")
