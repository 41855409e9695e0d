"""The help page, which is made of README.md when the image is built."""

from pathlib import Path

from flask import Blueprint, abort

HELP = Path(__file__).resolve().parents[1] / "help.html"


def help_page(path: Path = HELP) -> Blueprint:
    """`GET /help`: that file; 404 where nobody made it."""
    pages = Blueprint("help", __name__)

    @pages.get("/help")
    def show() -> str:
        if not path.is_file():
            abort(404)
        return path.read_text(encoding="utf-8")

    return pages
