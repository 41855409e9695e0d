"""How a project came up, given values instead of an engine."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from helpers.model.container.snapshot import Contact
from helpers.model.project.answer import Answer
from helpers.model.project.lane import Ending, Lane, Phase, Stage
from helpers.model.project.run import Run
from helpers.model.project.startup import Startup
from helpers.views.kit import live
from helpers.views.kit.widget_host import WIDGET_MIME
from helpers.views.project.startup import StartupView
from tests.unit.list_feed import ListFeed

EVIL = "<img src=x onerror=alert(1)>$x$\x1b[2J\nNewest start. Came up"


def stages(at: float, **seconds: float) -> tuple[Stage, ...]:
    return tuple(Stage(Phase(name), at + since) for name, since in seconds.items())


def run_at(at: float) -> Run:
    """A start with a crash; the database is healthy, the app answers later than the scale ends."""
    db = Lane("1", "db", "1", stages(at, created=0, running=0.2, healthy=1.5), has_check=True)
    way = (*stages(at, created=0.1, running=0.3, down=0.5), Stage(Phase.RUNNING, at + 1))
    app = Lane("2", "app", "1", way, (Ending(at + 0.5, 1),), Answer(at + 20, '"GET /" 200'))
    return Run(at, (db, app), at + 1.5)


FAILED = Run(
    10,
    (
        Lane("3", "db", "1", stages(10, created=0, running=0.2, unhealthy=2, stopped=5),
             has_check=True),
        Lane("4", "app", "1", stages(10, created=0, stopped=5)),
        Lane("5", "job", "1", stages(10, created=0, running=1, down=1.2),
             (Ending(11.2, 137, oom_killed=True),)),
        Lane("6", "job", "2", stages(10, created=0, running=1, down=1.2), (Ending(11.2, 0),)),
    ),
    12,
)  # fmt: skip
NOW = Startup("cafe", (FAILED, run_at(100)), 200)


def view_of(now: Startup = NOW, feed: ListFeed[Startup] | None = None) -> StartupView:
    return StartupView(now, feed or ListFeed())


def test_the_tables_say_what_the_picture_shows() -> None:
    assert (
        view_of().text().rpartition("\n\n")[0]
        == """\
cafe: 2 starts known

Newest start. Came up in 1.50 s, after app had crashed once.
container  created  running  healthy   first answer         ended by itself           now
db         0.00 s   0.20 s   1.50 s    –                    –                         healthy
app        0.10 s   0.30 s   no check  20.0 s, "GET /" 200  exit code 1 after 0.50 s  running

The start before. Did not come up: db is unhealthy, app was never started and job-1 ended with \
exit code 137, out of memory.
container  created  running  healthy   first answer  ended by itself                            \
now
db         0.00 s   0.20 s   no        –             –                                          \
stopped
app        0.00 s   –        no check  –             –                                          \
stopped
job-1      0.00 s   1.00 s   no check  –             exit code 137, out of memory after 1.20 s  \
ended
job-2      0.00 s   1.00 s   no check  –             exit code 0 after 1.20 s                   \
ended"""
    )  # fmt: skip


def test_what_the_widget_draws() -> None:
    content = view_of().content()
    newest, before = content["runs"]
    assert (newest["state"], before["state"]) == ("up", "failed")
    db, app = newest["lanes"]
    assert [(phase, round(since, 1)) for phase, since, _ in db["bars"]] == [
        ("created", 0), ("running", 0.2), ("healthy", 1.5),
    ]  # fmt: skip
    assert db["bars"][-1][2] is None
    assert app["breaks"] == [[0.5, "1"]]
    assert app["note"] == (
        "exit code 1 after 0.50 s; running again after 1.00 s; "
        'first answer after 20.0 s: "GET /" 200'
    )
    assert app["answer"] == {"at": 20, "beyond": True}
    assert before["lanes"][1]["bars"] == [["created", 0, 5]]
    notes = [lane["note"] for lane in before["lanes"]]
    assert notes[0].startswith("is unhealthy; ")
    assert notes[2] == "ended with exit code 137, out of memory after 1.20 s; running after 1.00 s"
    assert content["end"] == pytest.approx(1.06 * 5)
    json.dumps(content)


def test_no_start_is_told_with_what_else_there_is() -> None:
    view = view_of(Startup("cfae", others=("cafe",)))
    assert view.text() == (
        "The engine tells of no start of cfae: `docker compose up` makes one. "
        "Projects that it has containers of: cafe."
    )
    assert view.picture() is None
    assert view.content()["runs"] == []


def test_a_start_on_its_way_runs_by_the_clock() -> None:
    lane = Lane("1", "db", "1", stages(100, created=0, running=0.2), has_check=True)
    view = view_of(Startup("cafe", (Run(100, (lane,), 100.2),), 103))
    assert "Coming up for 3.00 s" in view.text()
    assert view.content()["runs"][0]["state"] == "going"
    assert view.picture()


def test_what_is_not_known_for_certain_is_marked() -> None:
    lane = replace(NOW.runs[1].lanes[0], has_gap=True, is_late=True)
    view = view_of(Startup("cafe", (Run(100, (lane,), 101),), 200, has_forgotten=True))
    assert "at the latest ~1.50 s" in view.text()
    assert "The engine keeps only its last 256 events" in view.text()
    assert "256 events" not in view_of().text()


def test_texts_of_others_are_made_visible() -> None:
    lane = replace(NOW.runs[1].lanes[1], service=EVIL, number=EVIL, answer=Answer(101, EVIL))
    view = view_of(Startup(EVIL, (Run(100, (lane, replace(lane, id="9")), 101),), 200, (EVIL,)))
    assert "\x1b" not in json.dumps(view.content()) + view.text() + view.caption()
    assert "<img" not in view.caption()
    nothing = view_of(Startup(EVIL, others=(EVIL,)))
    lines = f"{nothing.text()}\n{view.text()}".splitlines()
    assert len([line for line in lines if line.startswith("Newest start")]) == 1
    picture = view.picture()
    assert picture
    assert picture.startswith(b"\x89PNG")


def test_it_follows_its_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)
    feed = ListFeed(replace(NOW, contact=Contact(False, "The engine does not answer.")))
    view = view_of(feed=feed)
    assert WIDGET_MIME in view._repr_mimebundle_()
    assert view.content()["trouble"] == "The engine does not answer."
    view.close()
    assert feed.ended


def test_many_containers_are_cut_off() -> None:
    lanes = tuple(replace(NOW.runs[1].lanes[0], id=str(at)) for at in range(100))
    view = view_of(Startup("cafe", (Run(100, lanes, 101),), 200))
    assert len(view.content()["runs"][0]["lanes"]) == 60
    assert "Not shown: 40 containers more." in view.text()
