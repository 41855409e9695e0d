"""The card's widget on the Python side: what it sends, what a click does, and what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from helpers.views.kit.live_card import (
    WORDS,
    CardContent,
    CardState,
    Form,
    LiveCard,
    Note,
)
from helpers.views.kit.mode import is_live
from helpers.views.kit.page import Page
from helpers.views.kit.widget_host import WIDGET_MIME

CONTENT = CardContent("Title", (("check", "Check"), ("hint", "Hint")), "`goal`", "# starter")
PAGE = Page("<p>twin</p>", "twin")


def clicked(card: LiveCard, what: str, value: object = None, ask: str = "a1") -> dict[str, Any]:
    """The widget's state after a click was done."""
    card.click({"do": what, "value": value, "ask": ask}).join(10)
    state: dict[str, Any] = card._host.made().state
    return state


def test_the_widget_stands_beside_the_same_html_and_text_as_its_twin() -> None:
    card = LiveCard(CONTENT, lambda what, value: CardState())
    bundle = card.bundle(PAGE)
    view = bundle.pop(WIDGET_MIME)
    assert bundle == PAGE._repr_mimebundle_()
    assert card.bundle(PAGE)[WIDGET_MIME] == view, "one widget, however often it is shown"


def test_a_card_that_was_closed_can_be_shown_again_with_its_state() -> None:
    card = LiveCard(CONTENT, lambda what, value: CardState())
    first = card.bundle(PAGE)[WIDGET_MIME]
    card._host.close()
    card.show(CardState(mark="●"))
    assert card.bundle(PAGE)[WIDGET_MIME] != first
    assert card._host.made().state["mark"] == "●"


def test_content_and_state_can_be_sent_as_json() -> None:
    card = LiveCard(CONTENT, lambda what, value: CardState())
    card.show(
        CardState("warning", "◐", (Note(("a", "b"), "code", "12:00:00"),), {"hint": "H"}, 2.5)
    )
    widget = card._host.made()
    content = json.loads(json.dumps(widget.content))
    assert content["buttons"] == [["check", "Check"], ["hint", "Hint"]]
    assert content["words"] == WORDS
    state = json.loads(json.dumps(widget.state))
    assert state["notes"] == [{"lines": ["a", "b"], "code": "code", "at": "12:00:00"}]
    assert (state["kind"], state["labels"], state["answer"], state["answered"]) == (
        "warning", {"hint": "H"}, 2.5, "",
    )  # fmt: skip
    form = CardContent("T", (("answer", "Go"),), form=Form("?", ("a", "b")))
    sent = LiveCard(form, lambda what, value: CardState())._host.made().content
    assert json.loads(json.dumps(sent))["form"] == {
        "question": "?",
        "choices": ["a", "b"],
        "unit": "",
    }


def test_a_click_is_answered_with_its_own_number() -> None:
    seen: list[tuple[str, object]] = []

    def on_click(what: str, value: object) -> CardState:
        seen.append((what, value))
        return CardState("success", "● done")

    state = clicked(LiveCard(CONTENT, on_click), "answer", "2", ask="q7")
    assert seen == [("answer", "2")]
    assert (state["mark"], state["answered"]) == ("● done", "q7")


def test_a_message_of_the_front_end_is_a_click() -> None:
    done = threading.Event()
    card = LiveCard(CONTENT, lambda what, value: (done.set(), CardState(mark="!"))[1])
    card._host.made()._handle_custom_msg({"do": "check", "ask": "m1"}, [])
    assert done.wait(10)


def test_a_click_that_fails_says_so_and_keeps_what_was_shown() -> None:
    def on_click(what: str, value: object) -> CardState:
        raise KeyError(what)

    card = LiveCard(CONTENT, on_click)
    card.show(CardState("success", "● passed", (Note(("before",)),)))
    state = clicked(card, "<img src=x>")
    assert (state["kind"], state["mark"], state["answered"]) == ("danger", "● passed", "a1")
    assert [note["lines"] for note in state["notes"]] == [
        ("before",), (WORDS["failed"], "'<img src=x>'"),
    ]  # fmt: skip


@pytest.mark.parametrize("message", [{}, {"do": None}, {"ask": 7, "do": ["x"]}])
def test_a_message_that_makes_no_sense_breaks_nothing(message: dict[str, Any]) -> None:
    card = LiveCard(CONTENT, lambda what, value: {"check": CardState()}[what])
    card.click(message).join(10)
    assert card._host.made().state["kind"] == "danger"


def test_clicks_are_done_one_after_the_other_and_the_caller_never_waits() -> None:
    inside, most, go = 0, 0, threading.Event()

    def on_click(what: str, value: object) -> CardState:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        go.wait(10)
        inside -= 1
        return CardState()

    card = LiveCard(CONTENT, on_click)
    threads = [card.click({"do": "check", "ask": str(at)}) for at in range(5)]
    assert all(thread.is_alive() for thread in threads)
    go.set()
    for thread in threads:
        thread.join(10)
    assert most == 1


@pytest.mark.parametrize(("value", "live"), [("1", False), ("0", True), ("", True), (None, True)])
def test_live_in_a_kernel_unless_static_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, value: str | None, live: bool
) -> None:
    if value is None:
        monkeypatch.delenv("WORKBOOK_STATIC", raising=False)
    else:
        monkeypatch.setenv("WORKBOOK_STATIC", value)
    shell: Callable[[], object] = type("Shell", (), {"kernel": object()})
    monkeypatch.setattr("IPython.get_ipython", shell)
    assert is_live() is live
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    assert not is_live()
