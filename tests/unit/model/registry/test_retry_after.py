"""Retry-After, in both forms of RFC 9110."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.registry.retry_after import seconds_until_retry

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 30 Nov 2026 12:00:30 GMT", 30),
        ("Monday, 30-Nov-26 12:00:30 GMT", 30),
        ("Mon Nov 30 12:00:30 2026", 30),
        ("Mon, 30 Nov 2026 11:00:00 GMT", 0),
    ],
)
def test_seconds_and_each_form_of_a_date(header: str, seconds: float) -> None:
    assert seconds_until_retry(header, NOW) == seconds


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "²", "9" * 5000, "\x1b[2J", "Mon, 99"])
def test_what_says_nothing(header: str) -> None:
    assert seconds_until_retry(header, NOW) is None


@given(st.integers(-(10**6), 10**6))
def test_a_date_that_is_written_is_read_back(seconds: int) -> None:
    moment = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert seconds_until_retry(moment, NOW) == max(0, seconds)


@given(st.text() | st.text("0123456789 ,:MonGT+-", max_size=60))
def test_whatever_comes_is_a_time_or_none(header: str) -> None:
    seconds = seconds_until_retry(header, NOW)
    assert seconds is None or seconds >= 0
