"""A file or terminal of Windows' cp1252 takes what a command prints."""

from __future__ import annotations

import io

import pytest

from helpers.launcher.plain_signs import with_plain_signs


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("cp1252", "+ ok -> x … é ?"), ("ascii", "+ ok -> x ... ? ?"), ("utf-8", "✓ ok → ✗ … é 工")],
)
def test_signs_that_an_encoding_lacks_become_others(encoding: str, shown: str) -> None:
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding=encoding)
    with_plain_signs(stream)
    stream.write("✓ ok → ✗ … é 工")
    stream.flush()
    assert held.getvalue() == shown.encode(encoding)


def test_a_stream_that_has_its_own_way_keeps_it() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace")
    with_plain_signs(stream)
    with_plain_signs(io.StringIO())
    with_plain_signs(None)
    assert stream.errors == "backslashreplace"
