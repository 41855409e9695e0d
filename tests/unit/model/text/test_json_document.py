"""JSON from outside."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.text.json_document import MOST_LEVELS, parsed_json


@pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 60_000, "", "{", b"\xff", "1" * 5000])
def test_what_is_no_json_for_us_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed_json(text)


@pytest.mark.parametrize("levels", [1, MOST_LEVELS - 1, MOST_LEVELS, 800])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_what_is_no_deeper_than_documents_are_is_read(levels: int, begin: str, end: str) -> None:
    text = begin * levels + "1" + end * levels
    if levels < MOST_LEVELS:
        assert json.dumps(parsed_json(text), separators=(",", ":")) == text
    else:
        with pytest.raises(ValueError, match="nested"):
            parsed_json(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_json_is_read(value: object) -> None:
    assert parsed_json(json.dumps(value)) == value


@given(st.binary() | st.text('[]{}:,"\\u0d8e1\ud800'))
def test_whatever_comes_is_read_or_a_value_error(text: bytes | str) -> None:
    with suppress(ValueError):
        repr(parsed_json(text))
