"""What a program calls its version."""

from __future__ import annotations

import pytest

from helpers.model.image.version_label import tag_of, version_label


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        ("registry:5000/shop:1.2", "1.2"),
        ("registry:5000/shop", "latest"),
        ("shop:2@sha256:" + "a" * 64, "2"),
        ("shop@sha256:" + "b" * 64, "b" * 12),
        ("", ""),
    ],
)
def test_the_tag_of_an_image(image: str, tag: str) -> None:
    assert tag_of(image) == tag


def test_the_environment_goes_before_the_tag() -> None:
    assert version_label({"VERSION": "2"}, "shop:1") == "2"
    assert version_label({"VERSION": ""}, "shop:1") == "1"
