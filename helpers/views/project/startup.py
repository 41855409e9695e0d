"""How a project came up: a lane for each container, the newest three starts above each other."""

from __future__ import annotations

from typing import Any

from helpers.model.project.lane import Lane
from helpers.model.project.run import Run
from helpers.model.project.startup import Startup
from helpers.views.kit.inert import visible_values
from helpers.views.kit.marked import marked_html
from helpers.views.kit.page import Page, table
from helpers.views.kit.reading_view import ReadingView
from helpers.views.project import words
from helpers.views.project.layout import answer_of, bars_of, breaks_of, scale_end
from helpers.views.project.picture import WIDTH, png


class StartupView(ReadingView[Startup]):
    """The starts that were known last, each from its own first moment on, on one scale."""

    script = "startup.js"
    picture_width = WIDTH

    def page(self) -> Page:
        """A table for each start, the newest first; times are from its first moment on."""
        now = self.now
        if not now.runs:
            line = words.nothing_line(now)
            return Page(f"<p>{marked_html(line)}</p>", line)
        tables = [self._table(position, run) for position, run in enumerate(now.shown)]
        head, notes = words.title_of(now), self._notes()
        html = "".join(f"<p>{marked_html(line)}</p>" for line in (words.WORDS["keys"], *notes))
        text = "\n\n".join([head, *(each.text for each in tables), "\n".join(notes)])
        whole = "".join(each.html for each in tables)
        return Page(f"<p>{marked_html(head)}</p>{whole}{html}", text)

    def picture(self) -> bytes | None:
        """Bars for each container on a scale of seconds; nothing before the first start."""
        return png(self.now) if self.now.runs else None

    def content(self) -> dict[str, Any]:
        """Everything that the widget draws."""
        now = self.now
        values = {
            "title": words.title_of(now) if now.runs else words.nothing_line(now),
            "notes": self._notes() if now.runs else [],
            "trouble": "" if now.contact.connected else now.contact.words,
            "end": (end := scale_end(now)),
            "runs": [self._run(position, run, end) for position, run in enumerate(now.shown)],
            "words": words.WORDS,
        }
        shown: dict[str, Any] = visible_values(values)
        return shown

    def _notes(self) -> list[str]:
        return [words.WORDS["about"], *([words.WORDS["forgotten"]] * self.now.has_forgotten)]

    def _line(self, run: Run) -> str:
        return f"{words.verdict(run, self.now.now)}{words.more_words(run)}"

    def _table(self, position: int, run: Run) -> Page:
        rows = [words.row_of(run, lane) for lane in run.lanes[: words.MOST_LANES]]
        caption = f"{words.run_title(position)}. {self._line(run)}"
        return table(words.HEADERS, rows, caption)

    def _run(self, position: int, run: Run, end: float) -> dict[str, Any]:
        is_going = run.is_going(self.now.now)
        return {
            "id": f"{run.begun:.6f}",
            "label": words.run_title(position),
            "line": self._line(run),
            "state": "going" if is_going else "up" if run.is_up else "failed",
            "seconds": run.seconds(self.now.now),
            "lanes": [_lane(run, lane, end) for lane in run.lanes[: words.MOST_LANES]],
        }


def _lane(run: Run, lane: Lane, end: float) -> dict[str, Any]:
    outcome = words.outcome_of(lane)
    answer = answer_of(run, lane, end)
    return {
        "id": lane.id,
        "name": words.lane_name(run, lane),
        "outcome": outcome.replace(" ", "_"),
        "mark": words.MARKS[outcome],
        "status": words.now_words(lane),
        "note": words.note_of(run, lane),
        "bars": [[bar.phase.value, bar.since, bar.until] for bar in bars_of(run, lane)],
        "breaks": [[mark.at, mark.text] for mark in breaks_of(run, lane)],
        "answer": answer and {"at": answer.at, "beyond": answer.is_beyond},
    }
