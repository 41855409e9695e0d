"""What lesson 07 asks: a leak that dies alone, a noisy neighbour; guesses and questions."""

from __future__ import annotations

from helpers.exercises.lesson_07_checks import (
    CALM,
    LEAKY,
    MOST_CPUS,
    THREE,
    check_leak,
    check_noisy,
)
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
_ONE, _OTHER, _LAST = THREE

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
            f'# engine.run("{BUSYBOX}", "sleep 600", name="{CALM}")\n'
            f'# engine.run("{PYTHON}", ["python", "-c", LEAK], name="{LEAKY}", ...)'
        ),
        solution=(
            f"{LEAK}"
            f'engine.run("{BUSYBOX}", "sleep 600", name="{CALM}")\n'
            f'leaky = engine.run("{PYTHON}", ["python", "-c", LEAK], name="{LEAKY}",\n'
            '                   memory="100m", memory_swap="100m")\n'
            "leaky.wait()"
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
    Exercise(
        number="07.2",
        title="The noisy neighbour",
        goal=(
            f"One of `{_ONE}`, `{_OTHER}` and `{_LAST}` burns all the CPU that it gets. Find out "
            f"which, and hold it back to {MOST_CPUS} CPU while it runs. Leave the other two as "
            "they are."
        ),
        starter="# live_usage([...])\n# !docker update ...",
        solution=(
            f"boxes = [engine.container(name) for name in {THREE!r}]\n"
            "def cpu(box):\n"
            "    return max(usage.cpu_percent or 0 for usage in box.usage(seconds=1))\n"
            "noisy = max(boxes, key=cpu).name\n"
            "# The same as --cpus 0.1, of which Podman's `update` takes no notice.\n"
            "!docker update --cpu-period 100000 --cpu-quota 10000 {noisy}"
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
    Prediction(
        key="07.e",
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
        key="07.f",
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
    QuizQuestion(
        key="07.q2",
        question="Last night an app ran out of memory. Where do you look for what led to it?",
        choices=(
            Choice(
                "`docker stats`",
                "It shows this moment, and nothing of last night.",
            ),
            Choice(
                "In Prometheus, or what else has kept numbers over time",
                "Right: a number that nobody kept is gone. Logs may tell the rest.",
                right=True,
            ),
            Choice(
                "`docker inspect`",
                "It tells that it was killed (`OOMKilled`), and not how it came to that.",
            ),
        ),
    ),
)
