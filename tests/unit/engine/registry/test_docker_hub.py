"""Docker Hub's pages and quota, from hand-made answers of a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from helpers.engine.registry import reachability
from helpers.engine.registry.hub import Hub
from helpers.model.registry.hub import HubFindings, HubImage, NoAnswer, PullsLeft
from tests.unit.engine.registry.test_reachability import MANIFEST, TOKEN, Answer, server

SEARCH = ("GET", "/search/repositories/")
PAGE = ("GET", "/repositories/library/python/")
FOUND = {
    "count": 12345,
    "results": [
        {
            "repo_name": "python",
            "short_description": "Python is an interpreted language. " * 5,
            "star_count": 9876,
            "pull_count": 10**10,
            "is_official": True,
            "is_automated": False,
        },
        {"repo_name": "someone/python", "short_description": None, "star_count": 1},
    ],
}
DESCRIBED = {
    "user": "library",
    "name": "python",
    "namespace": "library",
    "description": "Python is an interpreted language.",
    "star_count": 9876,
    "pull_count": 10**10,
    "last_updated": "2026-03-14T15:09:26.535Z",
}
HERE = {("GET", "/v2/"): (401, {}, b"")}


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    reachability._known.cache_clear()
    yield
    reachability._known.cache_clear()


def answer(said: object) -> Answer:
    return 200, {}, json.dumps(said).encode()


def hub_at(address: str) -> Hub:
    return Hub(address, address, f"{address}/token?service=x")


def test_a_search_names_what_it_found_and_how_many_there_are() -> None:
    with server({**HERE, SEARCH: answer(FOUND)}) as (address, asked):
        found = hub_at(address).search("py thon", limit=2)
    assert isinstance(found, HubFindings)
    assert found.images[0] == HubImage(
        "python", FOUND["results"][0]["short_description"], 9876, 10**10, True
    )
    assert found.images[1] == HubImage("someone/python", "", 1, None, False)
    assert repr(found).splitlines()[0] == "12,345 images for 'py thon'"
    assert max(map(len, repr(found).splitlines())) < 100
    assert "query=py%20thon&page_size=2" in asked[-1][1]


def test_the_facts_of_an_image_are_told() -> None:
    with server({**HERE, PAGE: answer(DESCRIBED)}) as (address, _):
        found = hub_at(address).image("python:3.13-slim")
    assert repr(found) == (
        "python: an official image, 10,000,000,000 pulls, 9,876 stars, updated 2026-03-14.\n"
        "Python is an interpreted language."
    )


def test_the_pulls_that_are_left_are_told() -> None:
    limits = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "76;w=21600"}
    with server({**HERE, TOKEN: answer({"token": "t"}), MANIFEST: (200, limits, b"")}) as (at, _):
        found = hub_at(at).pulls_left()
    assert found == PullsLeft(76, 100, 6)
    assert "76 of 100 pulls in 6 hours are left" in repr(found)
    reachability._known.cache_clear()
    with server({**HERE, TOKEN: answer({"token": "t"}), MANIFEST: (200, {}, b"")}) as (at, _):
        assert "names no limit" in repr(hub_at(at).pulls_left())


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((404, {}, b""), "no such image"),
        ((503, {}, b""), "answered 503"),
        ((200, {}, b"<html>"), "another kind"),
        ((200, {}, b"[]"), "another kind"),
        ((200, {}, b"{}"), "another kind"),
    ],
)
def test_what_the_pages_do_not_tell_has_its_reason(reply: Answer, words: str) -> None:
    with server({**HERE, SEARCH: reply, PAGE: reply}) as (address, _):
        hub = hub_at(address)
        for said in (hub.search("x"), hub.image("python")):
            assert isinstance(said, NoAnswer)
            assert not said
            assert words in repr(said)


def test_a_hub_that_cannot_be_reached_says_why_each_time() -> None:
    hub = hub_at("http://127.0.0.1:1")
    assert not hub.is_reachable
    for said in (hub, hub.search("x"), hub.image("python"), hub.pulls_left()):
        assert "connection refused" in repr(said)
