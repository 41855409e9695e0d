"""A race: its lanes, and its view given a race instead of an engine."""

from __future__ import annotations

import io

from PIL import Image

from helpers.model.footprint.race import ANSWERED, STARTED, Lane, Race
from helpers.views.footprint.race import RaceView, race_table

EVIL = "<img src=x onerror=alert(1)>"
FAST = Lane("container", "on a kernel").reached(STARTED, 0.1).reached(ANSWERED, 0.3)
SLOW = Lane("virtual machine").reached(STARTED, 0.2).reached("the network is up", 4.0)


class Run:
    """A race that is as it is."""

    def __init__(self, race: Race) -> None:
        self.race = race
        self.elapsed = race.seconds
        self.waited = 0

    def wait(self, seconds: float = 0) -> Race:
        self.waited += 1
        return self.race


def test_a_mark_counts_once_and_the_answer_ends_a_lane() -> None:
    assert FAST.reached(ANSWERED, 9.0) == FAST
    assert FAST.is_over
    assert FAST.answer_seconds == 0.3
    assert FAST.result == "answered after 0.30 s"
    assert not SLOW.is_over
    assert SLOW.result == "the network is up"
    assert Lane("x", failed="no").is_over


def test_the_first_to_answer_wins_and_a_race_ends_with_its_last_lane() -> None:
    race = Race("app", (SLOW, FAST), 4.0)
    assert race.winner == "container"
    assert not race.is_over
    done = race.with_lane(SLOW.reached(ANSWERED, 6.0), 6.0)
    assert done.is_over
    assert done.seconds == 6.0
    assert done.winner == "container"
    assert Race("app", (SLOW,)).winner is None


def test_the_text_says_the_same_in_every_run() -> None:
    early, late = Race("app", (Lane("a"), Lane("b"))), Race("app", (Lane("a"), Lane("b")), 9.0)
    assert RaceView(Run(early)).text() == RaceView(Run(late)).text()
    assert RaceView(Run(early)).caption() == RaceView(Run(late)).caption()


def test_the_picture_waits_for_the_end() -> None:
    run = Run(Race("app", (FAST, SLOW), 4.0))
    assert Image.open(io.BytesIO(RaceView(run).picture())).format == "PNG"
    assert run.waited == 1


def test_names_from_outside_are_text() -> None:
    lane = Lane(EVIL, EVIL, failed=EVIL).reached("$x^2$", 1.0)
    view = RaceView(Run(Race(EVIL, (lane,), 1.0)))
    assert "<img" not in view.caption()
    assert "<img" not in race_table(Race(EVIL, (lane,))).html
    assert view.content()["lanes"][0]["trouble"] == EVIL
    assert view.picture()


def test_the_table_lists_the_marks_of_all_in_order() -> None:
    text = race_table(Race("app", (FAST, SLOW))).text
    assert text.startswith("container first")
    assert text.index("0.30 s") < text.index("4.00 s")
