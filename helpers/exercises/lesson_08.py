"""What lesson 08 asks: a noisy neighbour; guesses and a question."""

from __future__ import annotations

from helpers.exercises.lesson_08_checks import MOST_CPUS, THREE, check_noisy
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

_ONE, _OTHER, _LAST = THREE

EXERCISES = (
    Exercise(
        number="08.1",
        title="The noisy neighbour",
        goal=(
            f"One of `{_ONE}`, `{_OTHER}` and `{_LAST}` burns all the CPU that it gets. Find out "
            f"which, and hold it back to {MOST_CPUS} CPU while it runs. Leave the other two as "
            "they are."
        ),
        starter="# %docker stats ...\n# %docker update ...",
        solution=(
            f'usage = %docker stats --no-stream --format "{{{{.CPUPerc}}}} {{{{.Container}}}}" '
            f"{' '.join(THREE)}\n"
            'busiest = max(usage.splitlines(), key=lambda line: float(line.split("%")[0]))\n'
            "noisy = busiest.split()[1]\n"
            "# The same as --cpus 0.1, of which Podman's `update` takes no notice.\n"
            "%docker update --cpu-period 100000 --cpu-quota 10000 {noisy}"
        ),
        check=check_noisy,
        hints=(
            "`docker stats`, or `live_usage(engine)` for all that run: which one stands out?",
            "`docker update --cpus 0.1 NAME` changes the limits of a container while it runs. "
            "(On Podman: `--cpu-period 100000 --cpu-quota 10000`.)",
        ),
        names=THREE,
    ),
)

PREDICTIONS = (
    Prediction(
        key="08.a",
        question=(
            "A container printed 5,000 lines, with `--log-opt max-size=10k --log-opt max-file=2`. "
            "How many lines does `docker logs` still have?"
        ),
        unit="lines",
        explanation=(
            "Each line is kept with its stream and its time, some 75 bytes, so 10 kB hold about "
            "130. One file is full, the newer one partly. The oldest was thrown away again and "
            "again."
        ),
    ),
    Prediction(
        key="08.b",
        question=(
            "The data folder of a running app vanishes, and its health check fails. What does the "
            "engine do?"
        ),
        choices=(
            "it starts the container again",
            "it stops the container",
            "it says `unhealthy`, and does nothing else",
        ),
        explanation=(
            "A plain engine only tells. Restart policies look at exits and not at health. Swarm "
            "is the one that replaces a container for it."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="08.q1",
        question=(
            "At three last night an app was killed for want of memory, and its restart policy "
            "started it again. Had its memory grown for hours, or within seconds? Where does "
            "that still stand?"
        ),
        choices=(
            Choice(
                "In `docker logs --since 12h`",
                "It has all that the app printed, before the restart as well: perhaps the last "
                "request. How much memory it held, nobody printed.",
            ),
            Choice(
                "In `docker events --since 12h`",
                "It tells the moment of the kill (`oom`, then `die`), if that is among the last "
                "256 events, and nothing of the hours before.",
            ),
            Choice(
                "In Prometheus, asked for the app's memory at that time",
                "Right: a number that nobody kept is gone. Logs and events may tell the rest.",
                right=True,
            ),
            Choice(
                "In `docker stats`, which counts from the container's start",
                "Bytes over the network and to disks it does. Memory is this moment's, and the "
                "process is a new one.",
            ),
        ),
    ),
)
