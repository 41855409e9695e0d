"""The view on two containers' walls, given values instead of an engine."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from math import dist

import pytest

from helpers.errors import EngineGone, InvalidInput
from helpers.model.container.snapshot import Contact
from helpers.model.isolation.acts import ACTS
from helpers.model.isolation.caps import NAMES, names_in
from helpers.model.isolation.mount_table import MountPoint
from helpers.model.isolation.namespaces import KINDS
from helpers.model.isolation.proc_parts import NO_NAMESPACE, PARTS
from helpers.model.isolation.process_status import ProcessStatus
from helpers.model.isolation.trial import Outcome, Trial
from helpers.model.isolation.user_map import WHOLE, IdRange
from helpers.model.isolation.walls import Host, SideBySide, Walls
from helpers.views.isolation import words
from helpers.views.isolation.isolation import IsolationView
from helpers.views.isolation.picture import RADIUS, spots
from helpers.views.kit import live
from helpers.views.kit.widget_host import WIDGET_MIME
from tests.unit.list_feed import ListFeed

EVIL = "<img src=x onerror=alert(1)>"
DOCKERS = names_in(0xA80425FB)
PLAIN = Walls(
    "plain",
    {kind: 10 if kind in ("user", "time") else 20 + at for at, kind in enumerate(KINDS)},
    ProcessStatus(
        "sleep", (0,) * 4, (0,) * 4, DOCKERS, DOCKERS, DOCKERS, 0xA80425FB, 2, False
    ),
    (IdRange(0, 0, WHOLE),),
    (
        MountPoint("/", "overlay", "/", ("rw",)),
        MountPoint("/proc", "proc", "/", ("rw",)),
        MountPoint("/proc/kcore", "tmpfs", "/null", ("rw",)),
        MountPoint("/data", "ext4", "/srv", ("ro",)),
    ),
    "by exec in it",
    last_cap=40,
)  # fmt: skip
BARE = replace(
    PLAIN,
    name="bare",
    namespaces={**PLAIN.namespaces, "pid": 99, "user": 98},
    status=ProcessStatus(
        "sleep", (7,) * 4, (7,) * 4, frozenset(), frozenset(), DOCKERS, 0, 2, True
    ),
    user_map=(IdRange(0, 100_000, 65_536),),
    mounts=(MountPoint("/", "overlay", "/", ("ro",)),),
)
HOST = Host(dict.fromkeys(("pid", "net", "uts", "ipc", "user", "time"), 10), "by a sibling")
NOW = SideBySide(PLAIN, BARE, HOST)
GONE = Walls("gone", troubles=dict.fromkeys(PARTS, "it is exited"))


def answered(cap: str, side: int, now: SideBySide) -> Trial:
    has_it = cap in (now.sides[side].status or ProcessStatus()).effective
    words = "" if has_it else f"no: Operation not permitted {EVIL}"
    outcome = Outcome.ALLOWED if has_it else Outcome.REFUSED
    return Trial(cap, outcome, words, ACTS[cap].line, "in the container")


def view_of(now: SideBySide = NOW, feed: ListFeed[SideBySide] | None = None) -> IsolationView:
    return IsolationView(now, feed or ListFeed(), answered)


@pytest.fixture
def as_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)


def rows(now: SideBySide) -> dict[str, tuple[str, str]]:
    return {label: (one, other) for label, one, other in words.rows_of(now)}


def test_the_table_says_each_wall_of_both() -> None:
    assert rows(NOW) == {
        "pid namespace": ("its own", "its own"),
        "net namespace": ("the other container's, too",) * 2,
        "mnt namespace": ("one for both; whether it is the host's: n/a",) * 2,
        "uts namespace": ("the other container's, too",) * 2,
        "ipc namespace": ("the other container's, too",) * 2,
        "user namespace": ("the host's", "its own"),
        "cgroup namespace": ("one for both; whether it is the host's: n/a",) * 2,
        "time namespace": ("the host's", "the host's"),
        "capabilities": (
            "14 of 41: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, "
            "NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP",
            "0 of 41",
        ),
        "seccomp": ("a filter", "a filter"),
        "no new privileges": ("no", "yes"),
        "user": ("0", "7"),
        "user map": (
            "none: each user is the host's of the same number",
            "its 0 is the host's 100000; 65,536 users in all",
        ),
        "root folder": ("can be written", "read-only"),
        "mounted below": ("/data (ro)", "nothing"),
    }


def test_what_could_not_be_read_says_so_and_why() -> None:
    cells = [other for _, other in rows(SideBySide(PLAIN, GONE, HOST)).values()]
    assert set(cells) == {"n/a: it is exited"}
    old = replace(PLAIN, status=replace(PLAIN.status, seccomp=None, no_new_privileges=None))
    table = rows(SideBySide(old, BARE, Host()))
    assert table["seccomp"][0] == table["no new privileges"][0] == "n/a: this kernel does not say"
    assert table["pid namespace"][0] == "another than the other's; whether it is the host's: n/a"


def test_a_kind_that_the_kernel_has_not_is_left_out() -> None:
    without = {"ns/time": NO_NAMESPACE}
    sides = [
        replace(walls, troubles=without, namespaces={"pid": 1}) for walls in (PLAIN, BARE)
    ]  # fmt: skip
    assert "time" not in words.kinds_of(SideBySide(sides[0], sides[1], HOST))


def test_nearly_all_capabilities_are_told_by_what_is_missing() -> None:
    nearly = replace(PLAIN, status=replace(PLAIN.status, effective=frozenset(NAMES[1:])))
    every = replace(PLAIN, status=replace(PLAIN.status, effective=frozenset(NAMES)))
    now = SideBySide(nearly, every, HOST)
    assert words.caps_line(now, 0) == "40 of 41, all but CHOWN"
    assert words.caps_line(now, 1) == "41 of 41"


def test_many_mounts_are_counted() -> None:
    many = tuple(MountPoint(f"/m{at:02}", "tmpfs", "/", ("rw",)) for at in range(20))
    assert words.mounts_line(replace(PLAIN, mounts=many)).endswith("/m11 and 8 more")


def test_text_and_caption_agree_and_have_nothing_that_varies() -> None:
    view = view_of()
    moved = replace(NOW, a=replace(PLAIN, namespaces={
        kind: inode if inode == 10 else inode + 1_000 for kind, inode in PLAIN.namespaces.items()
    }), b=replace(BARE, namespaces={
        kind: inode if inode == 10 else inode + 1_000 for kind, inode in BARE.namespaces.items()
    }))  # fmt: skip
    other = view_of(moved)
    assert other.text() == view.text() == repr(view)
    assert other.caption() == view.caption()
    assert view.text().startswith("plain and bare, wall by wall")


def test_names_and_answers_from_outside_are_text() -> None:
    view = view_of(replace(NOW, a=replace(PLAIN, name=EVIL)))
    assert "<img" not in view.caption()
    assert "<img" not in view.tried("KILL").html
    assert json.loads(json.dumps(view.content()))["sides"][0]["name"] == EVIL
    assert view.picture().startswith(b"\x89PNG")


def test_the_picture_shows_what_differs() -> None:
    assert view_of().picture() != view_of(SideBySide(PLAIN, PLAIN, HOST)).picture()
    assert view_of(SideBySide(GONE, GONE, Host())).picture().startswith(b"\x89PNG")
    assert "pid (process numbers). plain: its own; bare: its own" in view_of().alternative()


@pytest.mark.parametrize("a_host", [True, False, None])
@pytest.mark.parametrize("b_host", [True, False, None])
@pytest.mark.parametrize("between", [True, False])
def test_rings_touch_exactly_where_they_are_one(
    a_host: bool | None, b_host: bool | None, between: bool
) -> None:
    """Both with the host's are in the same one; of those with one alone it is not."""
    both = bool(a_host and b_host)
    if (between and a_host is not b_host) or (both and not between):
        return
    a, b, host = spots((a_host, b_host), between)
    touch = 2 * RADIUS
    assert (dist(a, host) <= touch) is bool(a_host)
    assert (dist(b, host) <= touch) is bool(b_host)
    assert (dist(a, b) <= touch) is (between and not both) or both


def test_static_and_live_forms_agree_in_what_nbval_compares(
    as_in_a_notebook: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of()
    shown = view._repr_mimebundle_()
    assert shown.keys() == {"text/html", "text/plain", WIDGET_MIME}
    view.close()
    monkeypatch.setattr(live, "is_live", lambda: False)
    assert view._repr_mimebundle_() == {key: shown[key] for key in ("text/html", "text/plain")}


def test_it_moves_with_the_feed_while_a_page_shows_it(as_in_a_notebook: None) -> None:
    feed = ListFeed(replace(NOW, b=GONE), replace(NOW, contact=Contact(False, "no engine")))
    view = view_of(feed=feed)
    view._repr_mimebundle_()
    assert (feed.begun, feed.ended) == (1, 0)
    assert view._host.made().content["trouble"] == "no engine"
    view.close()
    assert feed.ended == 1


def test_the_content_is_json_with_a_lamp_for_each_capability() -> None:
    content = json.loads(json.dumps(view_of().content()))
    plain, bare = (side["lamps"] for side in content["sides"])
    assert list(plain) == list(NAMES)
    assert {cap for cap, lamp in plain.items() if lamp == "on"} == DOCKERS
    assert {cap for cap, lamp in bare.items() if lamp == "kept"} == DOCKERS
    assert set(bare.values()) == {"kept", "off"}
    for about in content["caps"].values():
        assert bool(about["line"]) is not bool(about["why"])
    assert set(view_of(SideBySide(GONE, GONE, Host())).content()["sides"][0]["lamps"].values()) == {
        "na"
    }
    user = next(ring for ring in content["rings"] if ring["kind"] == "user")
    assert user["inodes"] == ["10", "98", "10"]
    assert user["host"] == [True, False]


def test_a_newer_capability_has_a_lamp_without_an_act() -> None:
    content = view_of(replace(NOW, a=replace(PLAIN, last_cap=41))).content()
    assert content["caps"]["CAP_41"]["allows"] == "newer than this workbook"
    assert content["caps"]["CAP_41"]["why"]


def test_a_click_tries_and_the_answer_is_shown() -> None:
    view = view_of()
    done = threading.Event()
    view.refresh = done.set  # type: ignore[method-assign]
    view.heard({"kind": "try", "side": 1, "cap": "CAP_KILL"})
    assert done.wait(10)
    (tried,) = view.content()["tried"]
    assert (tried["side"], tried["cap"], tried["outcome"]) == (1, "CAP_KILL", "refused")
    assert tried["number"] == 1
    assert tried["answer"] == f"no: Operation not permitted {EVIL}."


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "try", "side": 2, "cap": "CAP_KILL"},
        {"kind": "try", "side": 0, "cap": "rm -rf /"},
        {"kind": "try"},
        {"kind": "other", "side": 0, "cap": "CAP_KILL"},
        {"kind": "try", "side": [], "cap": {}},
    ],
)
def test_other_messages_try_nothing(message: dict[str, object]) -> None:
    view = view_of()
    before = threading.active_count()
    view.heard(message)
    assert threading.active_count() == before
    assert view.content()["tried"] == []


def test_an_engine_that_went_away_is_an_answer() -> None:
    def gone(cap: str, side: int, now: SideBySide) -> Trial:
        raise EngineGone("The engine stopped answering.", "See whether Docker still runs.")

    trial = IsolationView(NOW, ListFeed(), gone).tried_once("CAP_KILL", 0)
    assert trial.outcome is Outcome.UNTRIED
    assert trial.answer == "The engine stopped answering. See whether Docker still runs."


def test_trials_are_a_table_too() -> None:
    page = view_of().tried("kill", "CAP_SYS_TIME")
    lines = page.text.splitlines()
    assert lines[0].split() == ["capability", "what", "was", "tried", "plain", "bare"]
    assert lines[1].startswith("KILL        kill -0 a-process-of-others")
    assert "allowed  " in lines[1]
    assert "refused: no: Operation not permitted" in lines[1]
    assert lines[2].count("refused") == 2
    assert len(view_of().tried().text.splitlines()) == len(ACTS) + 1
    with pytest.raises(InvalidInput, match="MAGIC") as wrong:
        view_of().tried("KILL", "MAGIC")
    assert "CHOWN" in wrong.value.next_step
