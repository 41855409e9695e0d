"""The lifecycle's view, given a list of events instead of an engine."""

from __future__ import annotations

import json

import pytest

from helpers.model.container.event import EngineEvent
from helpers.model.container.lifecycle import Item, Life
from helpers.model.container.restart_policy import RestartPolicy
from helpers.model.container.snapshot import Contact
from helpers.model.container.state import State
from helpers.views.container.lifecycle import LifecycleView, life_path, ways
from helpers.views.container.lifecycle_diagram import ARROWS, BOXES, HEIGHT, WIDTH
from helpers.views.kit import live, widget_host
from helpers.views.kit.live import LiveView
from helpers.views.kit.widget_host import WIDGET_MIME
from tests.unit.list_feed import ListFeed

EVIL = "<img src=x onerror=alert(1)>"
# From which state to which, and the commands that do it; without one it happens by itself.
COMMANDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", State.CREATED): ("docker create",),
    (State.CREATED, State.RUNNING): ("docker start",),
    (State.RUNNING, State.PAUSED): ("docker pause",),
    (State.PAUSED, State.RUNNING): ("docker unpause",),
    (State.PAUSED, State.EXITED): ("docker kill",),
    (State.RUNNING, State.EXITED): ("docker stop", "docker kill"),
    (State.EXITED, State.RUNNING): ("docker start", "docker restart"),
    (State.RUNNING, State.RESTARTING): (),
    (State.RESTARTING, State.RUNNING): (),
    (State.RESTARTING, State.EXITED): ("docker stop",),
    (State.CREATED, State.REMOVED): ("docker rm",),
    (State.EXITED, State.REMOVED): ("docker rm",),
    (State.EXITED, State.DEAD): (),
    (State.DEAD, State.REMOVED): ("docker rm",),
}


def event(action: str, at: float, name: str = "web", **attributes: str) -> EngineEvent:
    return EngineEvent(at, "container", action, name, attributes)


LIFE = Life("web").after_all(
    [event("create", 1), event("start", 2), event("kill", 3, signal="9"),
     event("die", 3.5, exitCode="137")]
)  # fmt: skip


@pytest.fixture
def as_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)


def test_the_text_has_state_path_and_exit_code_and_nothing_that_varies() -> None:
    assert LifecycleView(LIFE).text() == (
        "web is exited, exit code 137 (128 + 9: ended by SIGKILL)\npath: created → running → exited"
    )
    later = [event("create", 51), event("start", 62), event("kill", 73, signal="9"),
             event("die", 83.5, exitCode="137")]  # fmt: skip
    other = LifecycleView(Life("web").after_all(later))
    assert repr(other) == repr(LifecycleView(LIFE))
    assert other.caption() == LifecycleView(LIFE).caption()


def test_a_kill_by_the_kernel_is_called_out_of_memory() -> None:
    life = Life("web").after_all(
        [event("start", 1), event("oom", 2), event("die", 3, exitCode="137")]
    )
    assert "exit code 137 (out of memory)" in LifecycleView(life).text()


def test_names_and_events_from_outside_are_text() -> None:
    view = LifecycleView(Life(EVIL).after(event("rename", 1, EVIL)))
    assert "<img" not in view.caption()
    assert "&lt;img" in view.caption()
    assert EVIL in view.content()["line"]


def test_the_picture_is_a_png_of_any_name() -> None:
    for name in ("web", EVIL, "$x^2$ \\frac", "ü\nö"):
        picture = LifecycleView(Life(name).after_all(LIFE.events)).picture()
        assert picture.startswith(b"\x89PNG")
    assert LifecycleView(Life("web")).picture() != picture


def test_static_and_live_forms_agree_in_what_nbval_compares(
    as_in_a_notebook: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = LifecycleView(LIFE, ListFeed())
    shown = view._repr_mimebundle_()
    assert shown.keys() == {"text/html", "text/plain", WIDGET_MIME}
    view.close()
    monkeypatch.setattr(live, "is_live", lambda: False)
    assert view._repr_mimebundle_() == {key: shown[key] for key in ("text/html", "text/plain")}


def test_it_moves_with_the_feed_once_it_is_shown(as_in_a_notebook: None) -> None:
    feed = ListFeed(event("create", 1), event("start", 2), event("pause", 3))
    view = LifecycleView(Life("web"), feed)
    assert feed.begun == 0
    view._repr_mimebundle_()
    assert feed.begun == 1
    assert view.life.state is State.PAUSED
    assert view._host.made().content["state"] == "paused"
    assert view._host.made().content["stamp"] == 3
    view.close()
    assert feed.ended == 1


def test_it_listens_as_long_as_a_page_shows_it(as_in_a_notebook: None) -> None:
    feed = ListFeed[Item]()
    view = LifecycleView(Life("web"), feed)
    view._repr_mimebundle_()
    said = []
    view._host.made().send = said.append
    for view_id in ("a", "b"):
        view._host._message(None, {"kind": "here", "view": view_id}, [])
    assert (feed.begun, said) == (3, [{"kind": "here"}] * 2)
    view._host._message(None, {"kind": "gone", "view": "a"}, [])
    assert feed.ended == 0
    view._host._message(None, {"kind": "gone", "view": "b"}, [])
    assert feed.ended == 1
    view._host._message(None, "nonsense", [])
    view.close()


def test_a_closed_view_can_be_shown_again(as_in_a_notebook: None) -> None:
    view = LifecycleView(LIFE, ListFeed())
    first = view._repr_mimebundle_()[WIDGET_MIME]["model_id"]
    view.close()
    view.take(event("start", 9))
    assert view._repr_mimebundle_()[WIDGET_MIME]["model_id"] != first
    assert view._host.made().content["state"] == "running"
    view.close()


def test_a_removed_container_is_not_listened_to(as_in_a_notebook: None) -> None:
    feed = ListFeed[Item]()
    view = LifecycleView(LIFE.after(event("destroy", 9)), feed)
    view._repr_mimebundle_()
    assert feed.begun == 0
    assert view.content()["final"] is True
    view.close()


def test_the_content_is_json_and_tells_ways_log_and_trouble() -> None:
    life = LIFE.after_all([event("start", 4), Contact(False, "no engine")])
    content = json.loads(json.dumps(LifecycleView(life).content()))
    assert content["gone"] == [["", "created", 1], ["created", "running", 1],
                               ["running", "exited", 1], ["exited", "running", 1]]  # fmt: skip
    assert content["last"] == ["exited", "running"]
    assert content["log"][2] == ["+ 2.00 s", "kill", "SIGKILL was sent to its first process"]
    assert content["log"][3][2] == "its first process has ended, with exit code 137"
    assert content["trouble"] == "no engine"


def test_a_way_gone_twice_is_counted() -> None:
    rule = RestartPolicy("always")
    said = [
        event("create", 0),
        *(event(*pair) for at in (1, 3) for pair in (("start", at), ("die", at + 1))),
    ]
    assert ways(Life("web", rule=rule).after_all(said))[("running", "restarting")] == 2


def test_what_the_engine_forgot_is_shown_as_dots() -> None:
    forgotten = Life("web", has_gap=True).after_all([event("create", 1), event("start", 2)])
    assert life_path(forgotten) == "created → … → running"


def test_every_transition_has_its_arrow_with_its_commands() -> None:
    arrows = {(arrow.source, arrow.target): arrow for arrow in ARROWS}
    assert len(arrows) == len(ARROWS)
    assert arrows.keys() == COMMANDS.keys()
    for way, commands in COMMANDS.items():
        if not arrows[way].rare:
            written = " ".join(label.text for label in arrows[way].labels)
            assert all(command in written for command in commands)
    assert {box.state for box in BOXES} == set(State)


def test_arrows_begin_and_end_at_the_edge_of_their_boxes_and_stay_in_the_picture() -> None:
    boxes = {box.state: box for box in BOXES}
    for arrow in ARROWS:
        assert len(arrow.points) % 3 == 1
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in arrow.points)
        for state, (x, y) in ((arrow.source, arrow.points[0]), (arrow.target, arrow.points[-1])):
            if state:
                across, down = abs(x - boxes[state].x), abs(y - boxes[state].y)
                assert across == 64 or down == 27, (arrow.source, arrow.target)
                assert across <= 64
                assert down <= 27


def test_the_base_of_a_view_asks_for_its_forms() -> None:
    for form in ("text", "caption", "content"):
        with pytest.raises(NotImplementedError):
            getattr(LiveView(), form)()
    assert LiveView().picture() is None


def test_widgets_are_loaded_ahead_where_there_will_be_some(
    as_in_a_notebook: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(widget_host, "is_live", lambda: True)
    monkeypatch.setattr(widget_host, "import_module", loaded.append)
    thread = widget_host.load_widgets_ahead()
    assert thread is not None
    assert thread.daemon, "an interpreter that ends must not wait for it"
    thread.join(10)
    assert loaded == ["anywidget"]
    monkeypatch.setattr(widget_host, "is_live", lambda: False)
    assert widget_host.load_widgets_ahead() is None
    assert loaded == ["anywidget"]
