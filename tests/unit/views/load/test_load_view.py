"""What the view of a load says, draws and sends, from replies that are made up."""

from __future__ import annotations

import json
import threading
import time

import pytest

from helpers.model.load.plan import Plan, checked_plan
from helpers.model.load.reply import Failure, Reply
from helpers.model.load.tally import Tally
from helpers.views.kit import live
from helpers.views.kit.strokes import stroke_line
from helpers.views.kit.widget_host import WIDGET_MIME
from helpers.views.load.load_view import BY_BUTTON, REFRESH_SECONDS, LoadView

EVIL = "<img src=x>$a$\x1b"


class FakeLoad:
    """A load of which all has come back."""

    def __init__(self, replies: list[Reply], rate: float = 20, ended: str = "") -> None:
        self.plan: Plan = checked_plan("http://127.0.0.1:8000/", rate)
        self.tally, self.ended = Tally(), ended
        self.tally.add(replies)
        self.stopped = threading.Event()

    def stop(self, why: str = "stopped") -> None:
        self.ended = why
        self.stopped.set()


def replies(count: int, down: range = range(0), rate: float = 20) -> list[Reply]:
    """Version 1 before it was down, version 2 afterwards."""
    return [
        Reply(at, at / rate, 0, 0.002, failure=Failure.REFUSED)
        if at in down
        else Reply(at, at / rate, 0, 0.004, 200, "1" if at < down.start else "2")
        for at in range(count)
    ]


UPDATE = replies(160, range(50, 81))


def test_its_text_is_the_same_in_every_run_and_its_alternative_has_the_numbers() -> None:
    view = LoadView(FakeLoad(UPDATE, ended="stopped"))
    assert view.text() == "20 requests a second to http://127.0.0.1:8000/"
    assert view.alternative() == (
        "20 requests a second to http://127.0.0.1:8000/. 160 requests: 129 answered, 31 failed. "
        "Over: stopped. version 1: 50, due from 0.0 to 2.5 s, median latency 4 ms. "
        "version 2: 79, due from 4.0 to 8.0 s, median latency 4 ms. "
        "failed: refused: 31, due from 2.5 to 4.0 s, median latency 2 ms."
    )


def test_what_the_widget_draws() -> None:
    content = LoadView(FakeLoad(UPDATE)).content()
    assert content["line"] == "160 requests: 129 answered, 31 failed."
    assert content["strokes"][49:52] == [[0, -1], [-1, 2], [-1, 2]]
    assert content["strokes"][159] == [1, -1]
    rows = [each["cells"] for each in content["series"]]
    assert rows[2] == ["failed: refused", "31", "19.4 %", "2.5 – 4.0 s", "2 ms", "2 ms", "2 ms"]
    assert [len(row) for row in rows] == [len(content["head"])] * 3
    assert [each["look"] for each in content["series"]] == [0, 1, 0]
    assert content["series"][2]["meaning"] == "nobody listens on that port"
    assert content["scale"][:3] == [[0.0, "0 s"], [40.0, "2 s"], [80.0, "4 s"]]
    assert not content["ended"]
    json.dumps(content)


def test_a_load_of_which_nothing_came_back_is_shown() -> None:
    view = LoadView(FakeLoad([]))
    assert view.content()["series"] == []
    assert view.content()["line"] == "0 requests: 0 answered, 0 failed."
    assert view.picture().startswith(b"\x89PNG")


def test_texts_of_others_are_made_visible() -> None:
    view = LoadView(FakeLoad([Reply(0, 0, 0, 0.1, 200, EVIL)], ended=EVIL))
    assert "\x1b" not in json.dumps(view.content(), ensure_ascii=False)
    assert "<img" not in view.caption()
    assert view.picture().startswith(b"\x89PNG")


def test_a_busy_machine_is_admitted() -> None:
    late = Reply(0, 0, 0.4, 0.5, 200)
    trouble = LoadView(FakeLoad([late])).content()["trouble"]
    assert trouble.startswith("This machine was busy: requests went out up to 0.40 s late")
    assert LoadView(FakeLoad(UPDATE)).content()["trouble"] == ""


def test_a_page_gets_its_numbers_five_times_a_second_and_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)
    load = FakeLoad(UPDATE[:10])
    view = LoadView(load)
    sent: list[bool] = []
    monkeypatch.setattr(view, "refresh", lambda: sent.append(bool(load.ended)))
    view.take(load)
    assert not sent, "no page shows it"
    assert WIDGET_MIME in view._repr_mimebundle_()
    begun = time.monotonic()
    while time.monotonic() - begun < 1.5 * REFRESH_SECONDS:
        view.take(load)
    assert sent == [False, False]
    load.stop()
    view.take(load)
    assert sent[-1]
    view.close()


def test_a_page_can_stop_it() -> None:
    load = FakeLoad(UPDATE)
    view = LoadView(load)
    view.heard({"kind": "other"})
    assert not load.stopped.is_set()
    view.heard({"kind": "stop"})
    assert load.stopped.wait(5)
    assert load.ended == BY_BUTTON


def test_sixty_thousand_requests_are_a_small_message_made_at_once() -> None:
    view = LoadView(FakeLoad(replies(60_000, range(20_000, 20_002), 200), rate=200))
    begun = time.process_time()
    content = view.content()
    assert time.process_time() - begun < 0.1
    assert len(json.dumps(content)) < 8_000
    assert sum(failure >= 0 for _, failure in content["strokes"]) == 1, "a failure stays to be seen"
    assert stroke_line(256) == (
        "A stroke is 256 requests in order of time; where one failed is tall."
    )
