"""The view of containers' usage, given ticks instead of an engine."""

from __future__ import annotations

import json
import math
import struct
import threading
from typing import Any

import pytest

from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import Contact
from helpers.model.usage.usage import Tick, Usage
from helpers.views.kit import live
from helpers.views.kit.widget_host import WIDGET_MIME
from helpers.views.usage.live_usage import ALL_GONE, UsageView
from helpers.views.usage.packet import FIELDS, WHOLE_EACH, Packer, values_of
from helpers.views.usage.record import KEPT_USAGES, REMEMBERED_SECONDS, Sample, UsageRecord
from tests.unit.list_feed import ListFeed

EVIL = "<img src=x onerror=alert(1)>"
MIB = 2**20


def usage(at: float = 1, **values: Any) -> Usage:
    given = {"cpu_percent": 25.0, "cpu_percent_of_limit": 50.0, "throttled_percent": 0.0,
             "memory_bytes": 20 * MIB, "memory_cache_bytes": MIB, "memory_limit_bytes": 64 * MIB,
             "has_memory_limit": True, "pids": 3, "pids_limit": 20}  # fmt: skip
    return Usage(at, **{**given, **values})


def tick(at: float = 1, *events: EngineEvent, name: str = "web", **values: Any) -> Tick:
    return Tick(
        at,
        usages={"a": usage(at, **values)},
        names={"a": name},
        states={"a": "running"},
        events=events,
        source="a list",
        rate_hz=2.0,
    )


def event(action: str, at: float, identity: str = "a", **attributes: str) -> EngineEvent:
    return EngineEvent(at, "container", action, "web", attributes, identity)


def decoded(packet: bytes) -> dict[int, dict[str, float]]:
    """{number: {field: value}} of what is in the packet, read as live_usage.js reads it."""
    rows: dict[int, dict[str, float]] = {}
    place = 0
    while place < len(packet):
        number, mask = struct.unpack_from("<HH", packet, place)
        place += 4
        rows[number] = {}
        for bit, name in enumerate(FIELDS):
            if mask & (1 << bit):
                (rows[number][name],) = struct.unpack_from("<f", packet, place)
                place += 4
    return rows


@pytest.fixture
def as_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)


def test_a_packet_holds_what_changed_and_now_and_then_all() -> None:
    packer = Packer()
    first, second = usage(1, cpu_percent=10), usage(2, cpu_percent=30)
    whole = decoded(packer.packed([Sample(7, first, None)]))
    assert whole[7].keys() == set(FIELDS)
    assert whole[7]["cpu"] == 10
    assert math.isnan(whole[7]["rx"])
    assert decoded(packer.packed([Sample(7, second, first)])) == {7: {"cpu": 30}}
    assert packer.packed([]) == b""
    sizes = [len(packer.packed([Sample(7, second, first)])) for _ in range(WHOLE_EACH)]
    assert sorted(set(sizes)) == [4, 4 + 4 * len(FIELDS)]
    assert sizes.count(4 + 4 * len(FIELDS)) == 1


def test_what_the_engine_does_not_tell_is_not_zero() -> None:
    values = values_of(Sample(1, Usage(at=2), Usage(at=1)))
    assert values == (None,) * len(FIELDS)
    row = decoded(Packer().packed([Sample(1, Usage(at=2), Usage(at=1))]))[1]
    assert all(math.isnan(value) for value in row.values())


def test_rates_are_bytes_a_second_and_never_negative() -> None:
    before = usage(1, network_rx_bytes=1000, network_tx_bytes=5000)
    later = usage(3, network_rx_bytes=4000, network_tx_bytes=10)
    values = dict(zip(FIELDS, values_of(Sample(1, later, before)), strict=True))
    assert (values["rx"], values["tx"], values["read"]) == (1500, 0, None)
    assert dict(zip(FIELDS, values_of(Sample(1, later, None)), strict=True))["rx"] is None


def test_the_record_knows_limits_and_forgets_what_they_no_longer_are() -> None:
    record = UsageRecord([("a", "web")])
    record.take(tick(1))
    (web,) = record.members
    assert (web.memory_limit_bytes, web.cpu_limit, web.pids_limit) == (64 * MIB, 0.5, 20)
    record.take(tick(2, cpu_percent=0.0, cpu_percent_of_limit=0.0))
    assert record.members[0].cpu_limit == 0.5
    record.take(tick(3, cpu_percent_of_limit=None, has_memory_limit=False, pids_limit=None))
    (web,) = record.members
    assert (web.memory_limit_bytes, web.cpu_limit, web.pids_limit) == (None, None, None)


def test_only_what_is_new_is_news() -> None:
    record = UsageRecord([("a", "web")])
    assert record.take(tick(1))[1] is True
    assert record.take(tick(2, cpu_percent=26.0, cpu_percent_of_limit=52.0))[1] is False
    assert record.take(tick(3, name="shop"))[1] is True
    assert record.take(tick(4, event("oom", 4), name="shop"))[1] is True
    assert record.take(Tick(5, names={"a": "shop"}, states={"a": "exited"}))[1] is True
    assert record.take(Tick(6, contact=Contact(False, "no engine")))[1] is True


def test_who_came_later_and_who_went_are_followed_and_then_forgotten() -> None:
    record = UsageRecord([("a", "web")])
    record.take(tick(1))
    record.take(Tick(2, names={"a": "web", "b": "db"}, states={"a": "running", "b": "running"}))
    assert [(m.number, m.name) for m in record.members] == [(1, "web"), (2, "db")]
    record.take(Tick(3, events=(event("destroy", 3),)))
    assert record.members[0].state == "removed"
    record.take(Tick(4 + REMEMBERED_SECONDS))
    assert [m.name for m in record.members] == ["db"]
    record.take(Tick(5, events=(event("destroy", 5, "b"),)))
    record.take(Tick(9 + 2 * REMEMBERED_SECONDS))
    assert [m.state for m in record.members] == ["removed"], "the last ones stay"
    assert record.all_gone


def test_the_record_is_bounded() -> None:
    record = UsageRecord()
    usages = {str(number): usage() for number in range(50)}
    for at in range(KEPT_USAGES // 50 + 10):
        record.take(Tick(at, usages=usages))
    assert len(record.usages) == KEPT_USAGES


def test_health_checks_of_every_second_do_not_fill_the_log() -> None:
    record = UsageRecord([("a", "web")])
    noise = [event("exec_start: true", at) for at in range(500)]
    record.take(Tick(1, events=(event("health_status: healthy", 1), *noise)))
    assert [e.action for _, e in record.events] == ["health_status: healthy"]


def test_each_tick_is_one_message_and_the_content_goes_only_with_news(
    as_in_a_notebook: None,
) -> None:
    view = UsageView(ListFeed(), {"a": "web"})
    view._repr_mimebundle_()
    sent: list[tuple[dict[str, Any], bytes]] = []
    contents: list[str] = []
    view._host.made().send = lambda message, buffers: sent.append((message, buffers[0]))
    view._host.made().observe(lambda change: contents.append(change["name"]), "content")
    for at in range(1, 6):
        view.take(tick(at, cpu_percent=at, cpu_percent_of_limit=at * 2))
    assert [message for message, _ in sent] == [
        {"kind": "tick", "at": at, "rate": 2.0} for at in range(1, 6)
    ]
    assert [len(packet) for _, packet in sent] == [40, 8, 8, 8, 8]
    assert contents == ["content"]
    view.close()


def test_a_page_that_comes_late_is_told_what_was_before(as_in_a_notebook: None) -> None:
    view = UsageView(ListFeed(tick(1), tick(2, cpu_percent=30.0, cpu_percent_of_limit=60.0)))
    view._repr_mimebundle_()
    sent: list[tuple[dict[str, Any], bytes]] = []
    view._host.made().send = lambda message, buffers: sent.append((message, buffers[0]))
    view._host._message(None, {"kind": "history"}, [])
    ((message, whole),) = sent
    assert message == {"kind": "history", "ticks": [[1, 40], [2, 8]]}
    assert decoded(whole[40:]) == {1: {"cpu": 30}}
    view.close()


def test_it_ends_with_its_output_its_containers_its_time_and_on_demand(
    as_in_a_notebook: None,
) -> None:
    feed = ListFeed[Tick]()
    view = UsageView(feed, {"a": "web"})
    view._repr_mimebundle_()
    view.close()
    assert (feed.begun, feed.ended, view.is_over) == (1, 1, False)
    view.take(Tick(1, names={"a": "web"}, events=(event("destroy", 1),)))
    assert (view.is_over, view.content()["ended"]) == (True, ALL_GONE)
    view._repr_mimebundle_()
    assert feed.begun == 1, "what has ended for good listens no more"
    view.close()
    timed = UsageView(ListFeed(), seconds=0)
    timed.begin()
    timed.take(tick(1))
    assert timed.content()["ended"] == "its 0 seconds are over"
    stopped = UsageView(ListFeed())
    threading.Thread(target=stopped.stop, args=("by hand",)).start()
    assert stopped.wait(5)
    stopped.take(tick(1))
    assert stopped.recorded().usages == []


def test_text_and_caption_say_the_same_before_and_after() -> None:
    view = UsageView(ListFeed(), {"a": "web"})
    before = view.text(), view.caption()
    view.take(tick(1, event("oom", 1)))
    assert (view.text(), view.caption()) == before
    assert before[0] == "Usage of web: CPU, memory, network, block I/O and processes, live."


def test_static_and_live_forms_agree_in_what_nbval_compares(
    as_in_a_notebook: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = UsageView(ListFeed(tick(1)), {"a": "web"})
    shown = view._repr_mimebundle_()
    assert shown.keys() == {"text/html", "text/plain", WIDGET_MIME}
    view.close()
    monkeypatch.setattr(live, "is_live", lambda: False)
    assert view._repr_mimebundle_() == {key: shown[key] for key in ("text/html", "text/plain")}


def test_what_was_recorded_tells_limits_and_events_and_no_number_that_varies() -> None:
    view = UsageView(ListFeed(), {"a": "web"})
    view.take(tick(1, event("start", 1)))
    view.take(tick(2, event("oom", 2), event("die", 2, exitCode="137")))
    bundle, shape = view.recorded()._repr_mimebundle_()
    assert bundle["text/plain"] == (
        "Usage of web, as recorded\n"
        "web; memory limit 64 MiB; CPU limit 0.5; process limit 20; events start, oom, die 137"
    )
    assert shape["image/png"]["alt"] == "web: CPU up to 25 %, memory up to 20 MiB"
    assert "25" not in bundle["text/plain"]


def test_names_and_events_from_outside_are_text() -> None:
    view = UsageView(ListFeed(), {"a": EVIL})
    view.take(tick(1, event(f"rename: {EVIL}", 1), name=EVIL))
    assert "<img" not in view.caption()
    content = json.loads(json.dumps(view.content()))
    assert content["members"][0][1] == EVIL
    for name in (EVIL, "$x^2$ \\frac", "ü\nö", ""):
        view.take(tick(2, event("die", 2), name=name))
        assert view.picture().startswith(b"\x89PNG")


def test_the_picture_is_drawn_of_nothing_of_gaps_and_of_many() -> None:
    assert UsageView(ListFeed()).picture().startswith(b"\x89PNG")
    view = UsageView(ListFeed())
    names = {str(number): f"box-{number}" for number in range(50)}
    for at in range(4):
        view.take(Tick(at, usages={key: Usage(at) for key in names}, names=names))
    assert view.picture().startswith(b"\x89PNG")
    assert view.alternative().startswith("box-0: CPU n/a, memory n/a\n")


def test_the_frame_has_a_row_for_each_usage_and_missing_stays_missing() -> None:
    view = UsageView(ListFeed(), {"a": "web"})
    view.take(tick(10, network_rx_bytes=None))
    view.take(tick(10.5, network_rx_bytes=7))
    frame = view.to_frame()
    assert list(frame.seconds) == [0.0, 0.5]
    assert list(frame.container) == ["web", "web"]
    assert frame.network_rx_bytes.isna().tolist() == [True, False]
    assert UsageView(ListFeed()).to_frame().empty


def test_an_engine_that_goes_and_comes_back_is_told_and_the_view_goes_on() -> None:
    view = UsageView(ListFeed(), {"a": "web"})
    view.take(tick(1))
    view.take(Tick(2, names={"a": "web"}, states={"a": "running"}, contact=Contact(False, "gone")))
    assert (view.content()["trouble"], view.is_over) == ("gone", False)
    view.take(tick(3))
    assert view.content()["trouble"] == ""
    assert len(view.to_frame()) == 2
