"""What lesson 07 asks: a leak that dies alone; guesses and a question."""

from __future__ import annotations

from helpers.exercises.lesson_07_checks import CALM, LEAKY, check_leak
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PYTHON, BUSYBOX = "python:3.13-slim", "busybox:1.37"
LEAK = (
    'LEAK = """\n'
    "import time\n"
    "kept = []\n"
    "for _ in range(40):\n"
    '    kept.append(b"x" * 10_000_000)\n'
    "    time.sleep(0.1)\n"
    "time.sleep(600)\n"
    '"""\n'
)

EXERCISES = (
    Exercise(
        number="07.1",
        title="A leak that dies alone",
        goal=(
            f"Two containers: `{LEAKY}` runs the program `LEAK` above, which takes 400 MB bit by "
            f"bit, and `{CALM}` runs anything that lasts. Give `{LEAKY}` limits, so that the "
            f"kernel kills it on its way, with no help from swap, while `{CALM}` goes on."
        ),
        starter=(
            f"# %docker run -d --name {CALM} {BUSYBOX} sleep 600\n"
            f"# %docker run -d --name {LEAKY} ... {PYTHON} python -c {{LEAK}}"
        ),
        solution=(
            f"{LEAK}"
            f"%docker run -d --name {CALM} {BUSYBOX} sleep 600\n"
            f"%docker run -d --name {LEAKY} --memory 100m --memory-swap 100m {PYTHON} "
            "python -c {LEAK}\n"
            f"%docker wait {LEAKY}"
        ),
        check=check_leak,
        hints=(
            "`--memory` bounds memory alone. With no `--memory-swap`, as much swap again may be "
            "used where the machine has some.",
            f"`docker run -d --name {LEAKY} --memory 100m --memory-swap 100m …`: the two are the "
            f"same, so nothing is left for swap. Start `{CALM}` before it.",
        ),
        names=(LEAKY, CALM),
    ),
)

PREDICTIONS = (
    Prediction(
        key="07.a",
        question=(
            "A request needs one second of CPU time. The container runs with `--cpus 0.25`. After "
            "how many seconds does the answer come?"
        ),
        unit="s",
        explanation=(
            "It gets a quarter of each second, 25 ms in every 100 ms, and waits for the rest."
        ),
    ),
    Prediction(
        key="07.b",
        question=(
            "An app runs with `--memory 64m` and asks for more and more. What happens at the limit?"
        ),
        choices=(
            "the engine refuses, and the app gets an error",
            "the app is slowed down",
            "the kernel kills the app",
        ),
        explanation=(
            "Linux promises memory freely and finds out at the first write that there is none left "
            "in the group. Then its OOM killer ends a process of that group, with SIGKILL."
        ),
    ),
    Prediction(
        key="07.c",
        question=(
            "A container writes a file of 48 MB and then does nothing. How much memory does "
            "`docker stats` show for it?"
        ),
        choices=("about 48 MB", "a few MB at most"),
        explanation=(
            "The file's pages stay in memory as cache, and are counted for the container. The "
            "`docker` command leaves out the cache that the kernel can take back at once."
        ),
    ),
    Prediction(
        key="07.d",
        question=(
            "A fork bomb goes off in a container with `--pids-limit 20`. What does the `shop` "
            "beside it do?"
        ),
        choices=("it answers as before", "it no longer answers"),
        explanation=(
            "The kernel refuses the 21st process, in that container alone: it counts those of each "
            "container for themselves."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="07.q1",
        question="On a machine of two cores, two containers run with `--cpus 2` each. What then?",
        choices=(
            Choice(
                "The second one is refused",
                "Both ran a moment ago. Nothing is set aside for anybody.",
            ),
            Choice(
                "Both run, and share two cores when both want them",
                "`--cpus` is a ceiling. Below it, all compete as processes always do.",
                right=True,
            ),
            Choice(
                "Each is guaranteed one core",
                "Two busy ones come out near that. With a third one each gets less: a ceiling "
                "promises nothing.",
            ),
        ),
    ),
)
