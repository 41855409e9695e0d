"""JSON from outside."""

from __future__ import annotations

import pytest

from helpers.model.text.json_document import parsed_json


@pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 60_000, "", "{", b"\xff", "1" * 5000])
def test_what_is_no_json_for_us_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed_json(text)
