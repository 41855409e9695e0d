"""Text in pages: no HTML, no mathematics, nothing that is not seen."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.outside import visible_text
from helpers.views.kit.inert import inert_html
from helpers.views.kit.marked import marked_html
from helpers.views.kit.page import Page, alert, table

FORMULAS = (
    "$x$",
    "$$x$$",
    r"\(x\)",
    r"\[x\]",
    r"\begin{equation}x\end{equation}",
    r"\$x",
    "$a_`b`$",
)


class Strings(HTMLParser):
    """The strings in which MathJax looks for formulas: up to the next border of an element.

    It skips `pre` and `code` (FindMath of its DOM handler, skipHtmlTags).
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.strings, self.whole, self._skipped = [""], "", 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._skipped += tag in ("pre", "code")
        self.strings.append("")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("pre", "code")
        self.strings.append("")

    def handle_data(self, data: str) -> None:
        self.whole += data
        if not self._skipped:
            self.strings[-1] += data


def is_inert(html: str) -> bool:
    marks = [one for one in Strings(html).strings if "$" in one or "\\" in one]
    return all(one in ("$", "\\") for one in marks)


@given(st.text())
def test_the_text_is_there_and_is_no_formula(text: str) -> None:
    html = inert_html(text)
    assert is_inert(html)
    assert Strings(html).whole == visible_text(text)


@pytest.mark.parametrize("name", FORMULAS)
def test_names_in_pages_are_no_formulas(name: str) -> None:
    pages: list[Page] = [table(["name", name], [[name, name]], name), alert("info", name, name)]
    for page in pages:
        assert is_inert(page.html)
        assert Strings(page.html).whole.count("x" if "x" in name else "a_") >= 2
    assert is_inert(marked_html(f"{name} `{name}` {name}"))
