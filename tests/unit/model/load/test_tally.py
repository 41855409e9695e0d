"""What replies come to: kinds, counts, percentiles, strokes, and which version answered."""

from __future__ import annotations

import json
import random

import pytest

from helpers.model.load.reply import FIRST_ERROR, Failure, Reply, meaning_of
from helpers.model.load.strokes import MOST_STROKES, Strokes
from helpers.model.load.tally import MOST_VERSIONS, OTHER_VERSIONS, Tally, percentile
from helpers.model.load.version import version_of


def reply(number: int, version: str = "1", **other: object) -> Reply:
    """One of twenty a second, answered after so many ms as its number."""
    values = {"status": 200, "version": version, "late_seconds": 0.0, **other}
    return Reply(number, number / 20, latency_seconds=number / 1000, **values)  # type: ignore[arg-type]


def refused(number: int) -> Reply:
    return reply(number, "", status=0, failure=Failure.REFUSED)


def test_an_answer_is_of_its_version_and_a_failure_of_its_kind() -> None:
    assert reply(0).kind == "1"
    assert reply(0, "").kind == "no version"
    assert reply(0, status=FIRST_ERROR - 1).is_answer
    assert not reply(0, status=404).is_answer
    assert reply(0, status=503).kind == "HTTP 503"
    assert refused(0).kind == "refused"
    assert all(meaning_of(kind) for kind in (*Failure, "HTTP 503", "HTTP 404"))
    assert meaning_of("HTTP 503") != meaning_of("HTTP 404")
    assert Reply.from_row(json.loads(json.dumps(refused(3).as_row()))) == refused(3)


def test_counts_and_latencies() -> None:
    tally = Tally()
    tally.add([reply(at) for at in range(100)])
    tally.add([refused(100), reply(102, "2"), reply(101, "2", status=500), refused(103)])
    assert tally.answers == {"1": 100, "2": 1}
    assert tally.failures == {"refused": 2, "HTTP 500": 1}
    assert (tally.answered, tally.failed) == (101, 3)
    first = tally.series[0]
    assert (first.latency_seconds(50), first.latency_seconds(99)) == (0.049, 0.098)
    assert tally.latency_seconds(100) == 0.102
    down = tally.series[2]
    assert (down.kind, down.first_seconds, down.last_seconds) == ("refused", 5.0, 5.15)
    assert Tally().latency_seconds(50) is None
    tally.add([reply(104, late_seconds=0.3)])
    assert tally.most_late_seconds == 0.3


@pytest.mark.parametrize(
    ("percent", "value"), [(1, 1), (50, 2), (51, 3), (75, 3), (99, 4), (100, 4)]
)
def test_a_percentile_is_one_of_the_values(percent: float, value: float) -> None:
    assert percentile([1, 2, 3, 4], percent) == value


def test_a_server_of_ever_new_versions_fills_no_table() -> None:
    tally = Tally()
    tally.add(reply(at, f"v{at}") for at in range(100))
    assert len(tally.answers) == MOST_VERSIONS + 1
    assert tally.answers[OTHER_VERSIONS] == 100 - MOST_VERSIONS


def test_strokes_double_and_lose_nothing_in_any_order() -> None:
    numbers = list(range(5_000))
    random.Random(1).shuffle(numbers)
    strokes = Strokes()
    for number in numbers:
        strokes.add(
            refused(number) if number in (0, 777, 4_999) else reply(number, str(number % 2))
        )
    assert strokes.each == 16
    assert len(strokes.strokes) == -(-5_000 // 16) <= MOST_STROKES
    counts = [sum(each.answers.values()) + sum(each.failures.values()) for each in strokes.strokes]
    assert counts == [16] * 312 + [8]
    tall = [at for at, each in enumerate(strokes.strokes) if each.failure]
    assert tall == [0, 777 // 16, 4_999 // 16]


def test_a_stroke_shows_what_most_of_its_requests_have() -> None:
    strokes = Strokes()
    for number in range(2 * MOST_STROKES):
        strokes.add(reply(number, "1" if number % 4 else "2"))
    assert {each.answer for each in strokes.strokes} <= {"1", "2"}
    assert strokes.strokes[1].answer == "1"
    assert strokes.strokes[0].failure == ""
    gap = Strokes()
    gap.add(reply(2))
    assert [each.answer for each in gap.strokes] == ["", "", "1"]


NAMES = ("X-App-Version", "version")
JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    ("headers", "body", "version"),
    [
        ({"x-app-version": " 2 "}, b"", "2"),
        ({"x-app-version": "2", **JSON}, b'{"version": 3}', "2"),
        (JSON, b'{"version": 3, "name": "shop"}', "3"),
        (JSON, b'{"version": "1.2"}', "1.2"),
        (JSON, b'{"version": {"a": 1}}', ""),
        (JSON, b"[1]", ""),
        (JSON, b"{", ""),
        (JSON, b"\xff", ""),
        (JSON, b"[" * 60_000, ""),
        (JSON, b'{"version": 3}' + b" " * 70_000, ""),
        ({"content-type": "text/plain"}, b' {"version": 3}', "3"),
        ({"content-type": "text/html"}, b"<p>version", ""),
        ({"x-app-version": "a\x1b[2J\u202e"}, b"", "a\\x1b[2J\\u202e"),
        ({"x-app-version": "v" * 99}, b"", "v" * 39 + "…"),
    ],
)
def test_which_version_answered(headers: dict[str, str], body: bytes, version: str) -> None:
    assert version_of(headers, body, NAMES) == version


def test_a_header_or_key_of_ones_own_tells_it() -> None:
    assert version_of({"x-release": "9"}, b"", ("X-Release",)) == "9"
    assert version_of(JSON, b'{"release": "9", "version": "1"}', ("release",)) == "9"
