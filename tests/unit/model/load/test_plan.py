"""When requests are due, what a URL means, and what is too much."""

from __future__ import annotations

import json

import pytest

from helpers.errors import InvalidInput
from helpers.model.load import plan as plans
from helpers.model.load.plan import MOST_OPEN, MOST_PER_SECOND, Plan, checked_plan, summary
from helpers.model.load.target import Target, is_allowed, target_of

URL = "http://127.0.0.1:8000/"


def test_each_request_is_due_at_its_time() -> None:
    plan = checked_plan(URL, 20, 3)
    assert plan.count == 60
    assert [plan.due_seconds(number) for number in (0, 1, 59)] == [0, 0.05, 2.95]
    assert checked_plan(URL, 0.5, 1).count == 1
    assert Plan.from_values(json.loads(json.dumps(plan.as_values()))) == plan
    assert summary(plan) == "20 requests a second to http://127.0.0.1:8000/"
    kept = checked_plan(URL, "2.5", keep_alive=True)
    assert summary(kept) == "2.5 requests a second to http://127.0.0.1:8000/ on kept connections"


@pytest.mark.parametrize(
    ("url", "target", "whole"),
    [
        (" http://localhost ", Target("localhost"), "http://localhost/"),
        ("HTTP://Web:80/a?b=c#d", Target("web", 80, "/a?b=c"), "http://web/a?b=c"),
        (
            "http://[::1]:4000/ü x",
            Target("::1", 4000, "/%C3%BC%20x"),
            "http://[::1]:4000/%C3%BC%20x",
        ),
        ("http://h/%41\x1b", Target("h", 80, "/%41%1B"), "http://h/%41%1B"),
        ("http://h?q", Target("h", 80, "/?q"), "http://h/?q"),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target, whole: str) -> None:
    assert target_of(url) == target
    assert target.url == whole


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:8000", "https://localhost/", "http://", "http://a:99999/", "http://a:0/",
     "http://[::1/", "http://me:secret@localhost/", "http://a b/", "http://\x1b[2J/", None, 80],
)  # fmt: skip
def test_what_is_no_url_of_plain_http_is_refused(url: object) -> None:
    with pytest.raises(InvalidInput) as raised:
        target_of(url)
    assert "http://127.0.0.1:8000/" in raised.value.next_step
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("rate", [0, -1, "fast", None, True, float("nan"), float("inf"), 1e9, []])
def test_what_is_no_rate_is_refused(rate: object) -> None:
    with pytest.raises(InvalidInput, match=r"^per_second is|a second is more than 300"):
        checked_plan(URL, rate)


def test_what_is_too_much_is_refused_in_a_sentence() -> None:
    assert checked_plan(URL, MOST_PER_SECOND).per_second == MOST_PER_SECOND
    with pytest.raises(InvalidInput, match=r"^301 a second is more than 300: .* wrk, hey or k6"):
        checked_plan(URL, 301)
    with pytest.raises(InvalidInput, match="200 a second, with the 150 that run already, is more"):
        plans.check_rate(200, 150)
    with pytest.raises(InvalidInput, match=r"301 s is longer than the 300 s .*`\.stop\(\)`"):
        checked_plan(URL, 20, 301)
    with pytest.raises(InvalidInput, match=r"hold 2,000 connections open, more than 900\. Lower"):
        checked_plan(URL, 200, timeout=10)
    assert checked_plan(URL, 300, timeout=3).timeout_seconds * 300 == MOST_OPEN


def test_who_tells_the_version() -> None:
    assert checked_plan(URL, 1).version_names == ("X-App-Version", "version")
    assert checked_plan(URL, 1, version_in=" X-Release ").version_names == ("X-Release",)
    for name in ("", " ", "a\nb", "x" * 101):
        with pytest.raises(InvalidInput, match="neither a header nor a key"):
            checked_plan(URL, 1, version_in=name)


def test_which_addresses_are_this_machines() -> None:
    assert is_allowed("127.1.2.3", ())
    assert is_allowed("::ffff:127.0.0.1", ())
    assert is_allowed("0.0.0.0", ())
    assert is_allowed("fe80::1%eth0", {"fe80::1"})
    assert not is_allowed("10.0.0.1", {"10.0.0.2"})
