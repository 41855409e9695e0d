"""Static views: the same facts as HTML and as text, and text from outside only as text."""

from __future__ import annotations

import pytest

from helpers.model.container.event import EngineEvent, EventLog
from helpers.views.kit.marked import marked_html
from helpers.views.kit.page import table
from helpers.views.kit.steps import steps_table

EVIL = "<img src=x onerror=alert(1)>"


def test_a_table_shows_text_as_text_in_both_forms() -> None:
    page = table(("name", "size"), [(EVIL, "1 B")], caption=EVIL)
    assert EVIL not in page.html
    assert page.html.count("&lt;img src=x") == 2
    assert EVIL in page.text
    assert page._repr_mimebundle_() == {"text/html": page.html, "text/plain": page.text}
    assert repr(page) == page.text


def test_columns_of_the_text_form_stand_below_each_other() -> None:
    assert table(("a", "b"), [("long text", "x"), ("y", "z")]).text == (
        "a          b\nlong text  x\ny          z"
    )


def test_steps_say_when_what_and_what_it_means() -> None:
    die = EngineEvent(10.5, "container", "die", "web", {"exitCode": "137"})
    page = steps_table(EventLog([EngineEvent(10.0, "container", "start", "web"), die]))
    assert "+ 0.50 s  die    its first process has ended, with exit code 137" in page.text


def test_an_unknown_event_is_shown_without_a_meaning() -> None:
    assert EVIL not in steps_table(EventLog([EngineEvent(1, "container", EVIL, "x")])).html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`a` b `c`", "<code>a</code> b <code>c</code>"),
        ("`", "`"),
        ("a ` b", "a ` b"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("", ""),
    ],
)
def test_marked_texts(text: str, html: str) -> None:
    assert marked_html(text) == html
