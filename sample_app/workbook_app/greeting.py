"""The front page."""

import socket

from flask import Blueprint, render_template


def greeting_page(name: str) -> Blueprint:
    """`GET /`: a greeting, and which host gave it."""
    pages = Blueprint("greeting", __name__)

    @pages.get("/")
    def greet() -> str:
        return render_template("greeting.html", name=name, hostname=socket.gethostname())

    return pages
