"""A card that answers clicks: its content, its state, and the thread on which clicks are done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from helpers.views.kit.page import Page
from helpers.views.kit.widget_host import WIDGET_MIME, WidgetHost

SCRIPT = Path(__file__).with_name("card.js")
WORDS = {
    "busy": "Looking …",
    "silent": "No answer yet. Is a cell still running, or has the kernel stopped?",
    "empty": "Give an answer first.",
    "code": "code",
    "failed": "That did not work, and nothing was changed.",
}


@dataclass(frozen=True)
class Form:
    """A question to answer on the card: choices, or else a number in a unit."""

    question: str
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class CardContent:
    """What a card shows from first to last; `buttons` are (what it does, label).

    A card with a form has one button, which does 'answer'.
    """

    title: str
    buttons: tuple[tuple[str, str], ...]
    body: str = ""
    code: str = ""
    form: Form | None = None


@dataclass(frozen=True)
class Note:
    """Something that came of a click: lines, perhaps code; `at` is the time of day."""

    lines: tuple[str, ...]
    code: str = ""
    at: str = ""


@dataclass(frozen=True)
class CardState:
    """What a card shows now; `kind` is info, success, warning or danger, and `mark` says it.

    `labels` are new labels of buttons, `answer` is what the form shows as given.
    """

    kind: str = "info"
    mark: str = ""
    notes: tuple[Note, ...] = ()
    labels: Mapping[str, str] | None = None
    answer: str | float | None = None


class LiveCard:
    """A card that is shown as a widget; safe on any thread.

    `on_click(what, value)` gives the state that answers a click. It runs on a thread of its own,
    so that the kernel stays free, and one click after the other.
    """

    def __init__(self, content: CardContent, on_click: Callable[[str, Any], CardState]) -> None:
        self._content = content
        self._on_click = on_click
        self._state = CardState()
        self._answered = ""
        self._host = WidgetHost(SCRIPT, self._values, self.click)
        self._turn = threading.Lock()

    def bundle(self, page: Page) -> dict[str, Any]:
        """The MIME bundle of the widget; `page` is its static twin."""
        return {**page._repr_mimebundle_(), WIDGET_MIME: self._host.open()}

    def show(self, state: CardState) -> None:
        """Sends the state to every page that shows the card, and to those that will."""
        self._state = state
        self._host.refresh()

    def click(self, message: Mapping[str, Any]) -> threading.Thread:
        """The thread that does what a message {do, value, ask} of the card asks for."""
        thread = threading.Thread(target=self._do, args=(message,), daemon=True)
        thread.start()
        return thread

    def _do(self, message: Mapping[str, Any]) -> None:
        with self._turn:
            try:
                state = self._on_click(str(message.get("do")), message.get("value"))
            except Exception as fault:
                note = Note((WORDS["failed"], str(fault) or type(fault).__name__))
                state = replace(self._state, kind="danger", notes=(*self._state.notes, note))
            self._answered = str(message.get("ask", ""))
            self.show(state)

    def _values(self) -> dict[str, Any]:
        return {
            "content": {**asdict(self._content), "words": WORDS},
            "state": {**asdict(self._state), "answered": self._answered},
        }
