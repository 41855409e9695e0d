from __future__ import annotations

import pytest

from helpers.errors import InvalidInput
from helpers.model.text.units import format_bytes, format_memory, format_seconds, parse_bytes


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (23_400_000, "23.4 MB"), (999_999, "1 MB"),
     (1_500_000_000, "1.5 GB"), (10**18, "1000 PB"), (10**18 - 1, "1000 PB")],
)  # fmt: skip
def test_bytes_are_decimal(count: int, text: str) -> None:
    assert format_bytes(count) == text


@pytest.mark.parametrize(
    ("count", "text"), [(64 * 2**20, "64 MiB"), (1023, "1023 B"), (2**30 + 2**29, "1.5 GiB")]
)
def test_memory_is_binary(count: int, text: str) -> None:
    assert format_memory(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0261, "26 ms"), (0.264, "0.26 s"), (12.34, "12.3 s"), (125, "2 min 5 s")],
)
def test_seconds(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [("64m", 64 * 2**20), ("64MB", 64 * 2**20), ("64MiB", 64 * 2**20), ("1.5g", 3 * 2**29),
     ("512", 512), (512, 512), ("2k", 2048), ("3b", 3), ("32 MB", 32 * 2**20),
     ("1.m", 2**20), (".5g", 2**29), (64.5, 64), ("0", 0)],
)  # fmt: skip
def test_sizes_mean_what_docker_run_takes_them_for(text: str | int, count: int) -> None:
    assert parse_bytes(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m",
        "-1m",
        "64x",
        "1,5g",
        "64mm",
        "1 2m",
        "64i",
        "64ki",
        "1bb",
        "٦٤m",
        "1e400",
        "9" * 400,
        "nan",
        "inf",
    ],
)
def test_what_is_no_size_is_said_in_one_sentence(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a size"):
        parse_bytes(text)
