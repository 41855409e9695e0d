"""How the starts of a project are spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpers.model.project.lane import Ending, Lane, Phase
from helpers.model.project.run import Run
from helpers.model.project.startup import SHOWN, Startup
from helpers.model.text.units import counted, format_seconds
from helpers.outside import visible_line

MARKS = {
    "up": "✓",
    "failed": "✗",
    "unhealthy": "!",
    "on the way": "▶",
    "created": "○",
    "stopped": "■",
}
ANSWERED = "◆"
WORDS = {
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "now": "Coming up for {seconds} …",
    "keys": "Thin: created. Striped: running. Full: healthy. ✗: its process ended by itself, "
    "with its exit code. ◆: first answer.",
    "about": "A first answer is the first request that was answered, whoever asked, or PostgreSQL "
    "ready for connections over the network, as the container's own log tells.",
    "forgotten": "The engine keeps only its last 256 events, of all containers together, and has "
    "forgotten some of these. What is marked ~ is told by the containers themselves.",
    "lanes": "Containers, in the order in which they came",
    "no_answer": "–",
}
_TITLES = ("Newest start", "The start before", "The start before that")
HEADERS = ("container", "created", "running", "healthy", "first answer", "ended by itself", "now")
_LISTED = 6
MOST_LANES = 60


def title_of(now: Startup) -> str:
    """How many starts are known and shown."""
    count = counted(len(now.runs), "start")
    more = f", the newest {SHOWN}" if len(now.runs) > SHOWN else ""
    return f"{visible_line(now.project)}: {count} known{more}"


def nothing_line(now: Startup) -> str:
    """That nothing is known, and what to do."""
    project = visible_line(now.project)
    line = f"The engine tells of no start of {project}: `docker compose up` makes one."
    if not now.others:
        return line
    shown = ", ".join(visible_line(other) for other in now.others[:_LISTED])
    more = ", …" if len(now.others) > _LISTED else ""
    return f"{line} Projects that it has containers of: {shown}{more}."


def run_title(position: int) -> str:
    """How the start is called that stands there, the newest at 0."""
    return _TITLES[position]


def verdict(run: Run, now: float) -> str:
    """What became of the start, in a sentence."""
    took = seconds_words(run.seconds(now))
    if run.is_going(now):
        return WORDS["now"].format(seconds=took)
    if run.is_up:
        crashed = [
            f"{lane_name(run, lane)} had crashed {_times(lane)}"
            for lane in run.lanes
            if lane.crashes
        ]
        first = f", after {_listed(crashed)}" if crashed else ""
        return f"Came up in {took}{first}."
    missing = [lane for lane in run.lanes if not lane.is_up]
    lines = [f"{lane_name(run, lane)} {reached_words(lane)}" for lane in missing]
    return f"Did not come up: {_listed(lines)}."


def more_words(run: Run) -> str:
    """How many of its containers are not shown."""
    left_out = len(run.lanes) - MOST_LANES
    return f" Not shown: {counted(left_out, 'container')} more." if left_out > 0 else ""


def lane_name(run: Run, lane: Lane) -> str:
    """Its service, with its number where the service has several; on one line."""
    same = [each for each in run.lanes if each.service == lane.service]
    twins = [each for each in same if each.number == lane.number]
    number = f"-{lane.number}" if len(same) > 1 and lane.number else ""
    again = f" ({twins.index(lane) + 1})" if len(twins) > 1 else ""
    return visible_line(f"{lane.service}{number}{again}")


def outcome_of(lane: Lane) -> str:
    """One of the keys of MARKS."""
    if lane.is_up:
        return "up"
    if lane.reached is Phase.UNHEALTHY:
        return "unhealthy"
    if lane.reached is Phase.DOWN and not lane.will_restart:
        return "failed"
    if lane.phase is Phase.STOPPED:
        return "stopped"
    return "created" if lane.phase is Phase.CREATED else "on the way"


def reached_words(lane: Lane) -> str:
    """How far it came: 'was never started', 'ended with exit code 1'."""
    match lane.reached:
        case Phase.DOWN:
            return f"ended with {code_words(lane.endings[-1])}"
        case Phase.UNHEALTHY:
            return "is unhealthy"
        case Phase.CREATED | None:
            return "was never started"
        case Phase.RUNNING if lane.has_check:
            return "was not healthy"
        case phase:
            return f"is {phase}"


def now_words(lane: Lane) -> str:
    """How it is now, in a word or two."""
    if lane.phase is Phase.DOWN:
        return "waits to restart" if lane.will_restart else "ended"
    return str(lane.phase or "")


def row_of(run: Run, lane: Lane) -> tuple[str, ...]:
    """The cells under HEADERS."""
    answer = lane.answer
    return (
        lane_name(run, lane),
        _at(run, lane, Phase.CREATED),
        _at(run, lane, Phase.RUNNING),
        _healthy(run, lane),
        f"{_after(run, answer.at)}, {answer.words}" if answer else WORDS["no_answer"],
        "; ".join(ending_words(run, lane.endings)) or "–",
        now_words(lane),
    )


def note_of(run: Run, lane: Lane) -> str:
    """What stands beside its bars."""
    endings = "; ".join(ending_words(run, lane.endings))
    match outcome_of(lane):
        case "failed":
            parts = [f"ended with {endings}"]
        case "unhealthy":
            parts = [reached_words(lane), endings]
        case _:
            parts = [endings]
    parts.append(_came(run, lane))
    if lane.answer:
        parts.append(f"first answer after {_after(run, lane.answer.at)}: {lane.answer.words}")
    return "; ".join(part for part in parts if part)


def ending_words(run: Run, endings: Sequence[Ending]) -> Iterator[str]:
    """'exit code 1 after 0.88 s, 1.69 s', for each code."""
    for words in dict.fromkeys(code_words(each) for each in endings):
        times = [_after(run, each.at) for each in endings if code_words(each) == words]
        more = f" and {len(times) - _LISTED} times more" if len(times) > _LISTED else ""
        yield f"{words} after {', '.join(times[:_LISTED])}{more}"


def code_words(ending: Ending) -> str:
    """'exit code 137, out of memory'."""
    code = "an exit code not known" if ending.exit_code is None else f"exit code {ending.exit_code}"
    return f"{code}, out of memory" if ending.oom_killed else code


def seconds_words(seconds: float) -> str:
    """The seconds as a clock of the picture shows them."""
    return format_seconds(seconds) if seconds >= 10 else f"{seconds:.2f} s"


def _came(run: Run, lane: Lane) -> str:
    """The furthest that it came, and when."""
    if (healthy := lane.first(Phase.HEALTHY)) is not None:
        return f"healthy after {_gap(lane)}{_after(run, healthy)}"
    running = [stage.since for stage in lane.stages if stage.phase is Phase.RUNNING]
    if not running:
        return "created"
    again = "again " if len(running) > 1 else ""
    return f"running {again}after {_gap(lane)}{_after(run, running[-1])}"


def _at(run: Run, lane: Lane, phase: Phase) -> str:
    at = lane.first(phase)
    return "–" if at is None else f"{_gap(lane)}{_after(run, at)}"


def _healthy(run: Run, lane: Lane) -> str:
    if lane.first(Phase.HEALTHY) is None:
        return "no" if lane.has_check else "no check"
    early = "at the latest " if lane.is_late else ""
    return f"{early}{_at(run, lane, Phase.HEALTHY)}"


def _gap(lane: Lane) -> str:
    return "~" if lane.has_gap else ""


def _after(run: Run, at: float) -> str:
    return seconds_words(run.after_begin(at))


def _times(lane: Lane) -> str:
    count = len(lane.crashes)
    return "once" if count == 1 else f"{count:,} times"


def _listed(parts: Sequence[str]) -> str:
    shown = [*parts[:_LISTED], *([f"{len(parts) - _LISTED} more"] if len(parts) > _LISTED else [])]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
