from __future__ import annotations

import pytest

from helpers.model.image.similar_names import similar_image

KNOWN = (
    "overwritten:latest",
    "deleted:latest",
    "deleted:v1",
    "python:3.13-slim",
    "python:3.12",
    "localhost:5000/shop:1.0",
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("overwritten:v1", "overwritten"),
        ("overwriten", "overwritten"),
        ("deleted:v2", "deleted"),
        ("python", "python:3.12"),
        ("python:3.13-slin", "python:3.13-slim"),
        ("pyhton:3.13-slim", "python:3.13-slim"),
        ("localhost:5000/shop", "localhost:5000/shop:1.0"),
        ("localhost:5000/shop:1.1", "localhost:5000/shop:1.0"),
        ("nginx", ""),
        ("deleted", "deleted:v1"),
        ("", ""),
    ],
)
def test_what_was_meant(name: str, meant: str) -> None:
    assert similar_image(name, KNOWN) == meant


def test_nothing_is_like_it_where_nothing_is() -> None:
    assert similar_image("web", []) == ""
