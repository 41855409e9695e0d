"""Time stamps of engines, to the microsecond."""

from __future__ import annotations

import pytest

from helpers.model.text.timestamps import seconds_since_1970


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("2001-09-09T01:46:40Z", 1e9),
        ("2001-09-09T03:46:40.123456789+02:00", 1e9 + 0.123456),
        ("0001-01-01T00:00:00Z", -62_135_596_800.0),
    ],
)
def test_a_time_stamp_in_seconds(text: str, seconds: float) -> None:
    assert seconds_since_1970(text) == seconds


def test_what_is_no_time_stamp_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        seconds_since_1970("yesterday")
