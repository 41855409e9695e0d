"""The words of a load's view."""

from __future__ import annotations

from helpers.model.load.reply import NO_VERSION, meaning_of
from helpers.model.load.tally import OTHER_VERSIONS, Series, Tally
from helpers.model.text.units import counted, format_seconds

LATE_SECONDS = 0.1
HEAD = ("", "requests", "share", "due from – to", "latency, median", "95 %", "99 %")
WORDS = {
    "live": "● live",
    "waiting": "○ as it was: no answer from the kernel",
    "stop": "Stop",
    "numbers": "What came back",
    "none": "Nothing has come back yet.",
}
_NAMELESS = (NO_VERSION, OTHER_VERSIONS)


def counts_line(tally: Tally, ended: str) -> str:
    """'246 requests: 240 answered, 6 failed.', and why it is over."""
    whole = tally.answered + tally.failed
    counts = f"{counted(whole, 'request')}: {tally.answered:,} answered, {tally.failed:,} failed."
    return f"{counts} Over: {ended}." if ended else counts


def late_line(tally: Tally) -> str:
    """That this machine was too busy to send in time; empty where it was not."""
    if tally.most_late_seconds < LATE_SECONDS:
        return ""
    late = format_seconds(tally.most_late_seconds)
    return f"This machine was busy: requests went out up to {late} late, and latency includes that."


def name_of(series: Series) -> str:
    """'version 2', or 'failed: refused'."""
    if not series.is_answer:
        return f"failed: {series.kind}"
    return series.kind if series.kind in _NAMELESS else f"version {series.kind}"


def row_of(series: Series, tally: Tally) -> tuple[str, ...]:
    """The cells of that kind's row below HEAD."""
    whole = tally.answered + tally.failed
    span = f"{series.first_seconds:.1f} – {series.last_seconds:.1f} s"
    latencies = (series.latency_seconds(percent) for percent in (50, 95, 99))
    return (
        name_of(series),
        f"{series.count:,}",
        f"{100 * series.count / whole:.1f} %",
        span,
        *(format_seconds(each or 0.0) for each in latencies),
    )


def meaning(series: Series) -> str:
    """What that kind means; empty for an answer."""
    return "" if series.is_answer else meaning_of(series.kind)


def in_words(title: str, tally: Tally, ended: str) -> str:
    """All the numbers, for whoever does not see the picture."""
    lines = [
        f"{name_of(each)}: {each.count:,}, due from {each.first_seconds:.1f} to "
        f"{each.last_seconds:.1f} s, median latency {format_seconds(each.latency_seconds(50) or 0)}"
        for each in tally.series
    ]
    return " ".join([f"{title}.", counts_line(tally, ended), *(f"{line}." for line in lines)])
