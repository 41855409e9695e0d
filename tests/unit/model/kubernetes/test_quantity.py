"""Amounts as manifests have them; the examples are those of the Kubernetes documentation.

Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from __future__ import annotations

import pytest

from helpers.model.kubernetes.quantity import quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.1", 0.1),
        ("100m", 0.1),
        ("2", 2),
        ("128974848", 128_974_848),
        ("129M", 129_000_000),
        ("123Mi", 128_974_848),
        ("1k", 1_000),
        ("1Ki", 1_024),
        ("1Ei", 2**60),
        ("400m", 0.4),
        (" 64Mi ", 64 * 2**20),
    ],
)
def test_a_quantity_is_read(text: str, number: float) -> None:
    assert quantity(text) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize("text", ["", "a lot", "64MB", "64mi", "1K", "m", "1e3x", "٣", "9" * 40])
def test_what_is_none_is_none(text: str) -> None:
    assert quantity(text) is None
