"""The map of networks, given values instead of an engine."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from helpers.errors import InvalidInput
from helpers.model.container.snapshot import Contact
from helpers.model.network.attempt import Attempt, Outcome, exec_line
from helpers.model.network.lookup import Lookup, NameAnswer
from helpers.model.network.topology import Attachment, Network, Station, Topology
from helpers.views.kit import live
from helpers.views.kit.widget_host import WIDGET_MIME
from helpers.views.network.layout import BOX_HEIGHT, bands_of, free_spot
from helpers.views.network.network_map import NetworkMap
from tests.unit.list_feed import ListFeed

EVIL = "<img src=x onerror=alert(1)>\x1b[2J"


def station(letter: str, name: str, *on: tuple[str, str], status: str = "running") -> Station:
    attachments = tuple(Attachment(net, (address,), (name, "alias")) for net, address in on)
    return Station(letter * 64, name, status, attachments)


def tried(source: Station, target: str, outcome: Outcome, words: str = "") -> Attempt:
    line = exec_line(source.name, target, 80)
    return Attempt(source.name, target, 80, outcome, words, line=line, source_id=source.id)


STREET = station("1", "street", ("front", "10.1.0.2"))
DESK = station("2", "desk", ("back", "10.2.0.2"), ("front", "10.1.0.3"))
VAULT = station("3", "vault", ("back", "10.2.0.3"), status="paused")
GUEST = Station("4" * 64, "guest", beside=DESK.id)
ALONE = Station("5" * 64, "alone", attachments=(Attachment("none"),))
NOW = Topology(
    (
        Network("n1", "back", is_internal=True, subnets=("10.2.0.0/16",)),
        Network("n2", "empty"),
        Network("n3", "front"),
        Network("n4", "bridge"),
        Network("n5", "host", "host"),
        Network("n6", "none", "null"),
    ),
    (ALONE, DESK, GUEST, STREET, VAULT),
    (
        tried(STREET, "desk", Outcome.ANSWERED),
        tried(STREET, "vault", Outcome.UNKNOWN, "bad address"),
        tried(GUEST, "nobody", Outcome.UNKNOWN, "bad address"),
    ),
)


def answered(asked: Station, names: tuple[str, ...]) -> Lookup:
    answers = tuple(
        NameAnswer(name, ("10.1.0.3",)) if name == "desk" else NameAnswer(name, words="unknown")
        for name in names
    )
    return Lookup(asked.name, "127.0.0.11", True, answers)


def view_of(now: Topology = NOW, feed: ListFeed[Topology] | None = None) -> NetworkMap:
    return NetworkMap(now, feed or ListFeed(), answered)


def test_the_tables_say_who_is_where_and_what_was_tried() -> None:
    assert (
        view_of().text()
        == """\
5 networks, 5 containers
network  kind                                         containers
back     bridge, internal: no way out                 desk = alias + guest; vault (paused) = alias
empty    bridge                                       nobody
front    bridge                                       desk = alias + guest; street = alias
bridge   the default bridge: addresses, and no names  nobody
none     no network: only 127.0.0.1                   alone

Tried from inside  outcome
street → desk:80   answered
street → vault:80  unknown name: bad address
guest → nobody:80  unknown name: bad address"""
    )
    assert "10." not in view_of().text(), "addresses differ from run to run"


def test_what_the_widget_draws() -> None:
    content = view_of().content()
    back, *_ = content["bands"]
    assert (back["name"], back["look"], back["subnets"]) == ("back", "internal", "10.2.0.0/16")
    assert back["stations"][0] == {
        "id": DESK.id, "name": "desk", "status": "running", "address": "10.2.0.2",
        "names": "alias", "beside": "guest", "also": "front",
    }  # fmt: skip
    lines = [(each["from"][0], each["to"][:1], each["outcome"]) for each in content["lines"]]
    assert lines == [("1", "2", "answered"), ("1", "3", "unknown"), ("2", "", "unknown")]
    assert content["lines"][0]["label"] == "✓ answered"
    json.dumps(content)


def test_texts_of_others_are_made_visible() -> None:
    evil = replace(STREET, name=EVIL)
    now = replace(NOW, stations=(evil,), attempts=(tried(evil, "x", Outcome.FAILED, EVIL),))
    view = view_of(now)
    assert "\x1b" not in json.dumps(view.content()) + view.text()
    assert "<img" not in view.caption()
    assert view.picture().startswith(b"\x89PNG")


def test_it_follows_its_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)
    lost = replace(NOW, contact=Contact(False, "The engine does not answer."))
    feed = ListFeed(replace(NOW, stations=()), lost)
    view = view_of(feed=feed)
    bundle = view._repr_mimebundle_()
    assert WIDGET_MIME in bundle
    assert view.content()["trouble"] == "The engine does not answer."
    view.close()
    assert feed.ended


def test_a_station_is_asked_what_its_resolver_answers() -> None:
    view = view_of()
    view.heard({"kind": "names", "station": "nonsense"})
    view.heard({"kind": "other", "station": DESK.id})
    view.heard({"kind": "names", "station": STREET.id})
    for thread in threading.enumerate():
        if thread.name == "names of a container":
            thread.join(10)
    lookup = view.content()["lookup"]
    assert lookup["number"] == 1
    assert lookup["line"] == "street asked 127.0.0.11, the engine's own resolver:"
    assert ["desk", "10.1.0.3"] in lookup["rows"]
    assert "vault   unknown" in view.names("street").text
    with pytest.raises(InvalidInput, match="'nobody' is no container on this map"):
        view.names("nobody")


def test_labels_of_the_picture_do_not_lie_on_each_other() -> None:
    taken: list[tuple[float, float, float]] = []
    spots = {free_spot(100, 50, 60, taken) for _ in range(4)}
    assert len(spots) == 4
    bands = bands_of(NOW)
    assert all(above.y + above.height < below.y for above, below in pairwise(bands))
    assert all(box.y + BOX_HEIGHT < band.y + band.height for band in bands for box in band.boxes)


def many() -> Topology:
    """Fifty containers on ten networks, each on two, each having tried another."""
    names = [f"net-{at}" for at in range(10)]
    stations = tuple(
        Station(
            f"{at:064x}",
            f"box-{at}",
            attachments=tuple(
                Attachment(names[(at + step) % 10], (f"10.{(at + step) % 10}.0.{at}",))
                for step in (0, 3)
            ),
        )
        for at in range(50)
    )
    attempts = tuple(
        tried(one, f"box-{(at + 1) % 50}", list(Outcome)[at % 5]) for at, one in enumerate(stations)
    )
    return Topology(tuple(Network(name, name) for name in names), stations, attempts)


def test_fifty_containers_on_ten_networks_are_said_at_once() -> None:
    view = view_of(many())
    begun = time.process_time()
    for _ in range(10):
        view.content()
        view.text()
    assert (time.process_time() - begun) / 10 < 0.1
    assert view.picture().startswith(b"\x89PNG")
