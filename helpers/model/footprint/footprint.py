"""What it costs to run one app in several ways: measurements, their spread, and their ratios."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from helpers.model.text.units import format_bytes, format_memory, format_seconds

CONTAINER, VM, SANDBOX = "container", "virtual machine", "gVisor"


@dataclass(frozen=True)
class Measure:
    """One quantity; `unit` is s, B (memory), disk, /s or empty for a count.

    `how` says in words how it was measured, as one would read it under the figure.
    """

    key: str
    title: str
    unit: str
    how: str

    def shown(self, value: float) -> str:
        """The value with its unit, as people read it."""
        if self.unit == "s":
            return f"{value * 1000:.2g} ms" if value < 0.01 else format_seconds(value)
        if self.unit == "B":
            return format_memory(round(value))
        if self.unit == "disk":
            return format_bytes(round(value))
        digits = _digits(value, 3)
        return f"{digits} a second" if self.unit == "/s" else digits


FIRST_ANSWER = Measure(
    "first_answer", "time to the first HTTP answer", "s",
    "from the command that starts it until GET / is answered with 200",
)  # fmt: skip
MEMORY = Measure(
    "memory", "memory", "B",
    "what docker stats counts for its container, all of QEMU for a VM, after the requests",
)  # fmt: skip
DISK = Measure(
    "disk", "disk", "disk",
    "the image's layers and what was written; for a VM its disk, kernel and initrd",
)  # fmt: skip
PROCESSES = Measure(
    "processes", "processes inside", "",
    "in the container those of docker top, in the VM all of /proc, its kernel's own included",
)  # fmt: skip
MESSAGES = Measure(
    "messages", "messages of a booting kernel", "",
    "lines of dmesg in the VM; for a container no kernel boots",
)  # fmt: skip
LATENCY = Measure(
    "latency", "one request", "s",
    "the median of GET /healthz, one after the other on one connection",
)  # fmt: skip
THROUGHPUT = Measure(
    "throughput", "requests answered", "/s",
    "GET /healthz on four connections at once",
)  # fmt: skip
TOGETHER = Measure(
    "together", "start of several at once", "s",
    "from the first command until the last of them has answered GET /",
)  # fmt: skip
MEASURES = (FIRST_ANSWER, MEMORY, DISK, PROCESSES, MESSAGES, LATENCY, THROUGHPUT, TOGETHER)


@dataclass(frozen=True)
class Spread:
    """Values of several runs: never one figure without the others."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value in the middle; of an even number of them, the mean of the two."""
        return median(self.values)

    @property
    def low(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest."""
        return max(self.values)


@dataclass(frozen=True)
class Subject:
    """One way to run the app; `detail` says what it is, `kernel` which one it runs on."""

    name: str
    detail: str = ""
    kernel: str = ""


@dataclass(frozen=True)
class Measurement:
    """One value of one measure, of one subject in one run; the first run is 1."""

    subject: str
    measure: str
    value: float
    run: int = 1


@dataclass(frozen=True)
class FootprintComparison:
    """All measurements of one image, run by run, and on what they were taken.

    `together` is how many were started at once; 0 where that was left out.
    """

    image: str
    machine: str
    subjects: tuple[Subject, ...]
    measurements: tuple[Measurement, ...] = ()
    together: int = 0
    notes: tuple[str, ...] = ()

    @property
    def runs(self) -> int:
        """How often each was started."""
        first = self.subjects[0].name if self.subjects else ""
        spread = self.spread(first, FIRST_ANSWER)
        return len(spread.values) if spread else 0

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Those that something was read of, in their order."""
        read = {measurement.measure for measurement in self.measurements}
        return tuple(measure for measure in MEASURES if measure.key in read)

    def title_of(self, measure: Measure) -> str:
        """The measure's title, with the number of those that were started at once."""
        return f"start of {self.together} at once" if measure is TOGETHER else measure.title

    def spread(self, subject: str, measure: Measure) -> Spread | None:
        """The values of that subject; None where there is none."""
        values = tuple(
            measurement.value
            for measurement in self.measurements
            if (measurement.subject, measurement.measure) == (subject, measure.key)
        )
        return Spread(values) if values else None

    def median(self, key: str, subject: str) -> float | None:
        """The middle value of the measure of that key, in seconds or bytes; None without one."""
        measure = next((measure for measure in MEASURES if measure.key == key), None)
        spread = self.spread(subject, measure) if measure else None
        return spread.median if spread else None

    def ratio(self, measure: Measure, of: str = VM, to: str = CONTAINER) -> Spread | None:
        """How many times as much one is as the other, in each run that read both; None without one.

        Runs are taken in turns, so that a machine whose speed drifts does not favour either.
        """
        ours, theirs = self._by_run(of, measure), self._by_run(to, measure)
        runs = sorted(ours.keys() & theirs.keys())
        if not runs or min(theirs.values()) <= 0:
            return None
        return Spread(tuple(ours[run] / theirs[run] for run in runs))

    def _by_run(self, subject: str, measure: Measure) -> dict[int, float]:
        return {
            measurement.run: measurement.value
            for measurement in self.measurements
            if (measurement.subject, measurement.measure) == (subject, measure.key)
        }


def in_words(measure: Measure, spread: Spread | None) -> str:
    """The median, and the range where the runs differed: '5.2 s (4.6 to 7.3)'."""
    if spread is None:
        return "n/a"
    middle, low, high = (measure.shown(v) for v in (spread.median, spread.low, spread.high))
    if low == high:
        return middle
    unit = middle.partition(" ")[2]
    if unit and all(text.partition(" ")[2] == unit for text in (low, high)):
        low, high = low.partition(" ")[0], high.partition(" ")[0]
    return f"{middle} ({low} to {high})"


def times(spread: Spread | None) -> str:
    """A ratio in words: '19× (15 to 22)'; empty where there is none."""
    if spread is None:
        return ""
    middle, low, high = (_digits(value, 2) for value in (spread.median, spread.low, spread.high))
    return f"{middle}×" if low == high else f"{middle}× ({low} to {high})"


def _digits(value: float, count: int) -> str:
    """The value with so many digits that count, all before the point if it has more; no '1e+02'."""
    text = f"{value:.{count}g}"
    return f"{value:.0f}" if float(text) >= 10**count else text
