"""The timeline of a build, given reports made by hand instead of an engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from helpers import build_timeline
from helpers.model.build.report import BuildReport, LogLine
from helpers.model.build.step import LINES_ON_THE_WAY
from helpers.notebook import build_timeline as glue
from helpers.notebook.build_timeline import BuildDisplay
from helpers.views.build.build_timeline import BuildTimeline
from helpers.views.build.content import LINES_AT_THE_END, lines_of
from helpers.views.build.words import SIGNS, WORDS, one_line
from helpers.views.kit import live
from helpers.views.kit.widget_host import WIDGET_MIME
from tests.unit.built_reports import AGAIN, DONE, EVIL, LOG, STEPS, failed, on_its_way


def content(report: BuildReport) -> dict[str, Any]:
    """What a page gets of one build."""
    found: dict[str, Any] = json.loads(json.dumps(BuildTimeline(report).content()))
    build: dict[str, Any] = found["builds"][0]
    return build


def rows(report: BuildReport) -> dict[str, dict[str, Any]]:
    """{digest: step} of a build's content."""
    return {row["id"]: row for row in content(report)["steps"]}


def test_the_text_tells_outcome_steps_and_stages() -> None:
    lines = build_timeline(DONE).text().splitlines()
    assert lines[0] == "$ docker build -t shop shop"
    assert lines[1] == (
        "Built in 4.00 s, with 1 of 7 steps from the cache. The image: 136 MB in 7 layers. "
        "Context: 31 files, 20.4 MB sent."
    )
    assert lines[3].split() == ["1", "help", "FROM", "python:3.13-slim", "AS", "help",
                                "↺", "from", "the", "cache"]  # fmt: skip
    assert "RUN pip install --no-cache-dir Markdown Pygments" in lines[4]
    assert len(lines) == 10, "the builder's own steps vary from run to run, and are left out"


def test_it_says_where_the_cache_ended_and_why() -> None:
    text = build_timeline(AGAIN).text()
    assert "The cache ended at line 10, `COPY . .`. app.py changed." in text
    assert "cache ended" not in build_timeline(DONE).text(), "a first build has no cache to end"
    assert content(AGAIN)["why"].startswith("The cache ended at line 10")
    assert rows(AGAIN)["a"]["reason"] == "app.py changed."
    assert rows(AGAIN)["p"]["reason"] == ""


def test_a_failed_build_shows_its_line_and_the_end_of_its_log() -> None:
    lines = BuildTimeline(failed()).text().splitlines()
    assert lines[1] == "Failed after 2.30 s, at line 8: RUN pip install -r requirements.txt."
    at = lines.index("▶   8 | RUN pip install -r requirements.txt")
    assert lines[at - 1] == "    7 | COPY requirements.txt ."
    assert lines[-1] == "ERROR: no"
    found = content(failed())
    assert (found["state"], found["failed"]) == ("failed", "p")
    marks = {row["id"]: row["status"] for row in found["steps"]}
    assert (marks["p"], marks["h"], marks["a"]) == ("failed", "canceled", "waiting")


def test_every_status_has_a_sign_and_a_word() -> None:
    for status in SIGNS:
        assert WORDS[f"step_{status}"]
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_two_builds_stand_above_each_other_and_are_compared() -> None:
    view = build_timeline(DONE, AGAIN)
    assert view.text().splitlines()[-1] == (
        "4.00 s with 1 of 7 steps from the cache, then 0.90 s with 6 of 7 steps from the cache."
    )
    found = view.content()
    assert [build["label"] for build in found["builds"]] == ["Before", "After"]
    assert found["compared"] in view.caption()
    assert view.picture() != build_timeline(DONE).picture()


def test_of_the_builders_own_steps_the_long_ones_are_told() -> None:
    told = {row["id"]: row["shown"] for row in content(DONE)["steps"]}
    assert told["i"]
    assert not told["j"]
    assert all(told[one.digest] for one in STEPS if not one.is_internal)


def test_a_step_tells_its_lines_its_bytes_and_what_it_waited_for() -> None:
    found = rows(DONE)
    assert found["h"]["lines"] == [2, 3]
    assert found["a"]["lines"] == [10]
    assert "20.4 MB copied or fetched" in found["i"]["facts"]
    assert found["c"]["facts"][-1] == (
        "waited for COPY README.md . and RUN pip install -r requirements.txt"
    )
    assert list(content(DONE)["stages"].values()) == [
        "stage help",
        "the last stage, which becomes the image",
    ]


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("RUN a", 1, [1]),
        ("RUN a \\\n  b \\\n# c\n  d\nRUN e", 1, [1, 2, 3, 4]),
        ("RUN a \\\\\nRUN b", 1, [1]),
        ("# escape=`\nRUN a `\n  b\nRUN c\\\n", 2, [2, 3]),
        ("RUN <<EOF\na\nEOF\nRUN b", 1, [1, 2, 3]),
    ],
)
def test_the_lines_of_an_instruction(text: str, first: int, expected: list[int]) -> None:
    assert lines_of(text)[first] == expected


def test_whatever_is_written_by_others_is_visible_in_text_picture_and_page() -> None:
    """A title, a log line, an error and a path that steer terminals, hide, or are no text."""
    evil = "a\x1b]0;owned\x07\x1bc\0\u202e\udce9"
    report = failed()
    step = report.failed_step
    assert step is not None
    ruined = replace(
        step, name=evil, instruction=f"RUN {evil}", stage=evil, error=evil,
        log=(LogLine(1.0, evil),),
    )  # fmt: skip
    steps = tuple(ruined if one is step else one for one in report.steps)
    dockerfile = f"{report.dockerfile}# {evil}\n"
    view = BuildTimeline(replace(report, steps=steps, error=evil, dockerfile=dockerfile))
    view.text().encode()
    hidden = set("\x1b\x07\0\u202e\udce9")
    assert not hidden & set(view.text())
    assert "\\x1b]0;owned" in view.text()
    assert not hidden & set(json.dumps(view.content(), ensure_ascii=False))
    assert view.picture().startswith(b"\x89PNG")


def test_a_long_log_is_cut_at_its_beginning_and_says_so() -> None:
    many = tuple(LogLine(1.0, f"line {at}") for at in range(5000))
    long = replace(DONE, steps=(replace(STEPS[3], log=many),))
    row = content(long)["steps"][0]
    assert (len(row["log"]), row["cut"]) == (LINES_AT_THE_END, 5000 - LINES_AT_THE_END)
    assert row["log"][-1][1] == "line 4999"
    row = content(replace(long, is_over=False))["steps"][0]
    assert (len(row["log"]), row["cut"]) == (LINES_ON_THE_WAY, 5000 - LINES_ON_THE_WAY)
    end = replace(STEPS[3], log=many[-LINES_ON_THE_WAY:], earlier_lines=5000 - LINES_ON_THE_WAY)
    assert content(replace(long, steps=(end,), is_over=False))["steps"][0] == row


def test_a_build_on_its_way() -> None:
    found = content(on_its_way(1.0))
    assert (found["state"], found["why"]) == ("running", "")
    states = {row["id"]: row["status"] for row in found["steps"]}
    assert (states["h"], states["p"], states["n"]) == ("running", "running", "done")
    assert states["a"] == "waiting"
    assert "Building for 1.00 s …" in BuildTimeline(on_its_way(1.0)).text()


def test_what_comes_from_outside_is_text() -> None:
    evil = replace(failed(), command=EVIL, dockerfile=EVIL, tag=EVIL)
    html = BuildTimeline(evil, DONE).caption()
    assert "<img" not in html
    assert "&lt;img" in html
    assert EVIL in content(evil)["command"]


@pytest.mark.parametrize("report", [DONE, AGAIN, failed(), on_its_way(1.0), on_its_way(0.0)])
def test_the_picture_is_a_png(report: BuildReport) -> None:
    assert BuildTimeline(report).picture().startswith(b"\x89PNG")


def test_a_build_with_no_step_and_mathematics_in_it_can_be_shown() -> None:
    odd = replace(DONE, steps=(replace(STEPS[3], instruction="RUN $x^2$ \\frac{"),), command="$_$")
    assert BuildTimeline(odd).picture().startswith(b"\x89PNG")
    empty = BuildTimeline(replace(DONE, steps=()))
    assert empty.picture().startswith(b"\x89PNG")
    assert "0 of 0 steps" in empty.text()


def test_an_instruction_is_told_on_one_line() -> None:
    assert one_line("RUN a \\\n    && b") == "RUN a && b"
    assert one_line("x" * 90, 10) == "x" * 9 + "…"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What a cell displays: (data, metadata)."""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, raw, metadata: found.append((data, metadata))
    )
    monkeypatch.setattr(glue, "is_in_notebook", lambda: True)
    return found


def test_static_a_build_is_shown_once_when_it_is_over(
    shown: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    display = BuildDisplay()
    for report in (on_its_way(0.5), on_its_way(2.0)):
        display(report)
    assert shown == []
    display(DONE)
    display(AGAIN)
    assert [data["text/plain"] for data, _ in shown] == ["$ docker build -t shop shop"] * 2
    assert "image/png" in shown[0][0]
    assert "Built in 4.00 s" in shown[0][1]["image/png"]["alt"]


def test_live_a_build_is_shown_at_once_and_grows(
    shown: list[tuple[dict[str, Any], dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glue, "is_live", lambda: True)
    monkeypatch.setattr(live, "is_live", lambda: True)
    display = BuildDisplay()
    display(on_its_way(0.5))
    view = display._view
    assert view is not None
    assert len(shown) == 1
    assert shown[0][0].keys() == {WIDGET_MIME, "text/plain"}
    display(on_its_way(2.0))
    assert view._host.made().content["builds"][0]["seconds"] == 2.0
    display(DONE)
    assert view._host.made().content["builds"][0]["state"] == "done"
    display(on_its_way(0.5))
    display(on_its_way(0.1))
    assert len(shown) == 3, "after a build that was broken off, the next one is another view"
    view.close()


def test_live_and_static_forms_agree_in_what_nbval_compares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = build_timeline(DONE)
    static = view._repr_mimebundle_()
    monkeypatch.setattr(live, "is_live", lambda: True)
    widget = view._repr_mimebundle_()
    assert widget.keys() - static.keys() == {WIDGET_MIME}
    assert {key: widget[key] for key in static} == static
    view.close()


def test_outside_a_notebook_nothing_is_displayed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> Callable[[], None]:
        raise AssertionError("displayed")

    monkeypatch.setattr("IPython.display.display", never)
    BuildDisplay()(DONE)


def test_the_log_of_a_step_is_sent_whole_where_it_is_short() -> None:
    row = rows(DONE)["h"]
    assert [text for _, text, _ in row["log"]] == [line.text for line in LOG]
