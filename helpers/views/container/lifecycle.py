"""A container's states as a diagram that moves with the container, and as a still picture."""

from __future__ import annotations

from typing import Any

from helpers.model.container.event import EngineEvent
from helpers.model.container.lifecycle import Item, Life
from helpers.model.container.state import State, exit_meaning, path_in_words, signal_name
from helpers.model.text.units import format_seconds
from helpers.views.container.lifecycle_diagram import WIDTH, diagram
from helpers.views.kit.feed import Feed
from helpers.views.kit.inert import inert_html
from helpers.views.kit.live import LiveView
from helpers.views.kit.steps import meaning

SHOWN_EVENTS = 60


class LifecycleView(LiveView):
    """The life of one container; it moves when the feed says so, as long as a page shows it."""

    script = "lifecycle.js"
    picture_width = WIDTH

    def __init__(self, life: Life, feed: Feed[Item] | None = None) -> None:
        super().__init__()
        self.life = life
        self._feed = feed

    def take(self, item: Item) -> None:
        """The view with that known too; may be called from any thread."""
        before = self.life
        self.life = before.after(item)
        if self.life != before:
            self.refresh()

    def begin(self) -> None:
        """Listens to the feed; a removed container has no more to say."""
        if self._feed is not None and self.life.state is not State.REMOVED:
            self._feed.start(self.take)

    def end(self) -> None:
        """Stops the feed; what it has brought stays."""
        if self._feed is not None:
            self._feed.stop()

    def text(self) -> str:
        """The state and the path to it; no times, so that every run says the same."""
        return f"{life_line(self.life)}\npath: {life_path(self.life)}"

    def caption(self) -> str:
        """The same as two lines of HTML."""
        line, path = inert_html(life_line(self.life)), inert_html(life_path(self.life))
        return f"<p>{line}<br>Path: {path}</p>"

    def picture(self) -> bytes:
        """The diagram with the state it is in and the ways it has gone, as PNG."""
        from helpers.views.container.lifecycle_picture import png

        return png(self.life, life_line(self.life))

    def content(self) -> dict[str, Any]:
        """The diagram, the state, the ways gone, the log and the words of lifecycle.js."""
        life = self.life
        return {
            "diagram": diagram(),
            "title": f"Lifecycle of {life.name}",
            "state": life.state.value if life.state else "",
            "line": life_line(life),
            "path": life_path(life),
            "gone": [[source, target, times] for (source, target), times in ways(life).items()],
            "last": list(_last_way(life)),
            "steps": len(life.steps),
            "log": [log_line(life, event) for event in life.events[-SHOWN_EVENTS:]],
            "stamp": life.events[-1].at if life.events else None,
            "trouble": "" if life.contact.connected else life.contact.words,
            "final": life.state is State.REMOVED,
            "words": WORDS,
        }


WORDS = {
    "now": "▶",
    "path": "Path:",
    "log": "What the engine noted, newest last: after how long, the event, and what it means",
    "empty": "The engine remembers no event of it.",
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "final": "■ removed, so nothing more will come",
}


def life_line(life: Life) -> str:
    """The state in words, with the exit code and its meaning where there is one."""
    state = life.state.value if life.state else "unknown"
    if life.exit_code is None or life.state not in (State.EXITED, State.RESTARTING, State.DEAD):
        return f"{life.name} is {state}"
    reason = "out of memory" if life.oom_killed else exit_meaning(life.exit_code)
    return f"{life.name} is {state}, exit code {life.exit_code} ({reason})"


def life_path(life: Life) -> str:
    """The states gone through; dots where the engine has forgotten some."""
    path = path_in_words(life.states)
    first, arrow, rest = path.partition(" → ")
    return f"{first} → … → {rest}" if life.has_gap and arrow and first != "…" else path


def ways(life: Life) -> dict[tuple[str, str], int]:
    """How often it went from one state to another; the first way comes from nowhere."""
    counts: dict[tuple[str, str], int] = {}
    states = [state.value for state in life.states]
    for way in zip(["", *states], states, strict=False):
        counts[way] = counts.get(way, 0) + 1
    return counts


def log_line(life: Life, event: EngineEvent) -> list[str]:
    """When (after its creation), what, and what that means; all of it text."""
    begun = life.created if life.created is not None else life.events[0].at
    after = f"+ {format_seconds(max(event.at - begun, 0.0))}"
    words = meaning(event)
    if event.signal is not None:
        words = f"{signal_name(event.signal)} was sent to its first process"
    return [after, event.action, words]


def _last_way(life: Life) -> tuple[str, str]:
    states = ["", *(state.value for state in life.states)]
    return (states[-2], states[-1]) if len(states) > 1 else ("", "")
