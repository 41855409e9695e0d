"""Readings of several runs: spread, ratios, and how they are shown."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from helpers.model.footprint.footprint import (
    CONTAINER,
    FIRST_ANSWER,
    LATENCY,
    MEASURES,
    MEMORY,
    MESSAGES,
    THROUGHPUT,
    TOGETHER,
    VM,
    FootprintComparison,
    Measurement,
    Spread,
    Subject,
    in_words,
    times,
)
from helpers.views.footprint.footprint_chart import FootprintChart

EVIL = "<img src=x onerror=alert(1)>"
READINGS = (
    Measurement(CONTAINER, "first_answer", 0.2),
    Measurement(VM, "first_answer", 4.0),
    Measurement(CONTAINER, "first_answer", 0.4, 2),
    Measurement(VM, "first_answer", 6.0, 2),
    Measurement(CONTAINER, "memory", 20 * 1024**2),
    Measurement(VM, "memory", 200 * 1024**2),
    Measurement(CONTAINER, "messages", 0),
    Measurement(VM, "messages", 370),
    Measurement(VM, "together", 60),
)
TWO = FootprintComparison(
    "my-python-app", "2 CPUs", (Subject(CONTAINER, "d", "6.1"), Subject(VM, "e", "6.12")),
    READINGS, together=10,
)  # fmt: skip


def test_ratios_are_taken_run_by_run() -> None:
    ratio = TWO.ratio(FIRST_ANSWER)
    assert ratio is not None
    assert ratio.values == pytest.approx((20, 15))
    assert (ratio.low, ratio.median, ratio.high) == pytest.approx((15, 17.5, 20))


def test_a_ratio_is_of_two_readings_of_the_same_run() -> None:
    measurements = [Measurement(CONTAINER, "memory", size, run) for run, size in ((2, 2), (3, 4))]
    measurements += [
        Measurement(VM, "memory", size, run) for run, size in ((1, 10), (2, 20), (3, 60))
    ]
    ratio = FootprintComparison("a", "b", (), tuple(measurements)).ratio(MEMORY)
    assert ratio is not None
    assert ratio.values == (10, 15)


@pytest.mark.parametrize(
    ("value", "ratio", "count"),
    [(0.0234, "0.023×", "0.0234"), (9.96, "10×", "9.96"), (99.6, "100×", "99.6"),
     (123.4, "123×", "123"), (999.7, "1000×", "1000"), (4567.8, "4568×", "4568")],
)  # fmt: skip
def test_no_figure_is_shown_with_an_exponent(value: float, ratio: str, count: str) -> None:
    assert times(Spread((value,))) == ratio
    assert MESSAGES.shown(value) == count
    assert THROUGHPUT.shown(value) == f"{count} a second"


def test_there_is_no_ratio_to_nothing() -> None:
    assert TWO.ratio(MESSAGES) is None
    assert TWO.ratio(TOGETHER) is None
    assert TWO.ratio(LATENCY) is None
    assert times(None) == ""


def test_runs_and_measures_are_what_was_read() -> None:
    assert TWO.runs == 2
    assert TWO.measures == (FIRST_ANSWER, MEMORY, MESSAGES, TOGETHER)
    assert FootprintComparison("a", "b", ()).runs == 0


@pytest.mark.parametrize(
    ("measure", "values", "words"),
    [
        (FIRST_ANSWER, (0.2, 0.3, 0.4), "0.30 s (0.20 to 0.40)"),
        (FIRST_ANSWER, (0.05, 2.0), "1.02 s (50 ms to 2.00 s)"),
        (LATENCY, (0.0014,), "1.4 ms"),
        (MEMORY, (1024**2, 3 * 1024**2), "2 MiB (1 to 3)"),
        (MESSAGES, (370,), "370"),
    ],
)
def test_a_figure_comes_with_its_range(
    measure: object, values: tuple[float, ...], words: str
) -> None:
    assert in_words(measure, Spread(values)) == words  # type: ignore[arg-type]


def test_what_was_not_read_is_not_zero() -> None:
    assert in_words(MEMORY, None) == "n/a"


def test_every_measure_says_how_it_was_taken() -> None:
    assert all(measure.how and measure.title for measure in MEASURES)
    assert len({measure.key for measure in MEASURES}) == len(MEASURES)


def test_the_chart_says_measured_here_how_often_and_how() -> None:
    text = repr(FootprintChart(TWO))
    assert "2 runs of each, in turns, measured here on 2 CPUs" in text
    assert "start of 10 at once" in text
    assert "5.00 s (4.00 to 6.00)" in text
    assert "18× (15 to 20)" in text
    assert all(measure.how in text for measure in TWO.measures)


def test_texts_from_outside_are_text() -> None:
    chart = FootprintChart(FootprintComparison(EVIL, EVIL, (Subject(EVIL, EVIL, EVIL),)))
    assert "<img" not in chart.page().html
    assert Image.open(io.BytesIO(chart.picture())).format == "PNG"


def test_the_picture_has_a_panel_for_each_measure() -> None:
    whole = Image.open(io.BytesIO(FootprintChart(TWO).picture()))
    one = FootprintComparison("a", "b", TWO.subjects, READINGS[:2])
    assert whole.height > Image.open(io.BytesIO(FootprintChart(one).picture())).height
