"""Tables with cells of others: JupyterLab finds no formula in them."""

from __future__ import annotations

import pandas

from helpers.engine.base.text_frame import text_frame


def test_a_table_with_dollars_is_left_alone_by_the_typesetter() -> None:
    frame = text_frame(pandas.DataFrame({"label": ["$x$", "\x1b[2J\u202e"], "size": [1, 2]}))
    for shown in (frame, frame.sort_values("size"), frame[["label"]]):
        html = shown._repr_html_()  # type: ignore[operator]
        assert "mathjax_ignore" in html
        assert not {"\x1b", "\u202e"} & set(html + repr(shown))
    assert frame["size"].sum() == 3


def test_a_table_without_any_is_shown_as_pandas_does() -> None:
    plain = pandas.DataFrame({"name": ["web"]})
    assert text_frame(plain)._repr_html_() == plain._repr_html_()  # type: ignore[operator]
    assert repr(text_frame(plain)) == repr(plain)
