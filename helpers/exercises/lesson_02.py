"""What lesson 02 asks: a published port, a restart policy, a quick end; guesses and questions."""

from __future__ import annotations

from helpers.exercises.lesson_02_checks import (
    IMAGE,
    PHOENIX,
    QUICK,
    SITE,
    SITE_PORT,
    check_phoenix,
    check_quick,
    check_site,
    phoenix_hint,
)
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

EXERCISES = (
    Exercise(
        number="02.1",
        title="A door for this machine alone",
        goal=(
            f"A container named `{SITE}` answers web requests at `http://127.0.0.1:{SITE_PORT}/`, "
            "and none of its ports is published for other machines. A server in "
            f"`{IMAGE}`: `httpd -f -p 80 -h /www`, once a page is in `/www/index.html`."
        ),
        starter=f"# %docker run -d --name {SITE} ... {IMAGE} ...",
        solution=(
            f"%docker run -d --name {SITE} -p 127.0.0.1:{SITE_PORT}:80 {IMAGE} \\\n"
            "    sh -c 'mkdir -p /www; echo Hello > /www/index.html; exec httpd -f -p 80 -h /www'\n"
            f'engine.container("{SITE}").wait_until_ready()'
        ),
        check=check_site,
        hints=(
            "A port is published when the container is made. An existing one must be removed and "
            "run again.",
            f"`docker run -d --name {SITE} -p 127.0.0.1:{SITE_PORT}:80 {IMAGE} sh -c '…'`: the "
            "script makes the page, then ends with `exec httpd -f -p 80 -h /www`.",
        ),
        names=(SITE,),
    ),
    Exercise(
        number="02.2",
        title="One that rises again",
        goal=(
            f"A container named `{PHOENIX}` has crashed by itself at least once, and the engine "
            "has started it again without anybody's help."
        ),
        starter=f"# %docker run -d --name {PHOENIX} ... {IMAGE} ...",
        solution=(
            f"%docker run -d --name {PHOENIX} --restart on-failure {IMAGE} "
            "sh -c 'sleep 1; exit 1'\n"
            f'engine.container("{PHOENIX}").wait_until_restarted()'
        ),
        check=check_phoenix,
        hints=(
            "A crash is a first process that ends with an exit code other than 0. Who could start "
            "it again, and how would they know that they should?",
            phoenix_hint,
        ),
        names=(PHOENIX,),
    ),
    Exercise(
        number="02.3",
        title="A quick goodbye",
        goal=(
            f"A container named `{QUICK}` runs until you type `docker stop {QUICK}`, and then ends "
            "by itself in under one second."
        ),
        starter=f"# %docker run -d --name {QUICK} ... {IMAGE} ...\n# %docker stop {QUICK}",
        solution=(f"%docker run -d --name {QUICK} --init {IMAGE} sleep 600\n%docker stop {QUICK}"),
        check=check_quick,
        hints=(
            "SIGTERM goes to PID 1 alone, and PID 1 is special: a signal that it has no handler "
            "for does nothing.",
            "Either the program handles SIGTERM itself (`trap 'exit 0' TERM` in a shell that "
            "waits), or `--init` puts a small PID 1 before it that passes signals on.",
        ),
        names=(QUICK,),
    ),
)

PREDICTIONS = (
    Prediction(
        key="02.a",
        question=(
            "You write a page into a running container, then stop it and start it again. "
            "Is the page still there?"
        ),
        choices=("still there", "gone"),
        explanation=(
            "The writable layer belongs to the container, and stays as long as the container does."
        ),
    ),
    Prediction(
        key="02.b",
        question=(
            "Now you remove the container and run a new one from the same image, under the same "
            "name. Is the page still there?"
        ),
        choices=("still there", "gone"),
        explanation=(
            "The writable layer went with the container. What must outlive it belongs in a volume."
        ),
    ),
    Prediction(
        key="02.c",
        question="`docker kill` ends a container at once. With which exit code?",
        choices=("0", "1", "137", "143"),
        explanation="137 is 128 + 9: ended by signal 9, SIGKILL.",
    ),
    Prediction(
        key="02.d",
        question=(
            "A shell is PID 1, and a program that would end at once is its child. How many "
            "seconds does `docker stop -t 3` take?"
        ),
        unit="s",
        explanation=(
            "The shell is PID 1. It does not pass SIGTERM on and does not react to it while it "
            "waits, so the engine waits its three seconds and kills."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="02.q1",
        question="A container is on your laptop in a café, run with `-p 8080:80`. Who reaches it?",
        choices=(
            Choice(
                "Only programs on my laptop",
                "That would be `-p 127.0.0.1:8080:80`. With no address, every one is taken.",
            ),
            Choice(
                "Everybody in the café's network",
                "With no address given, the port is published on every address of the laptop.",
                right=True,
            ),
            Choice(
                "Nobody, until EXPOSE 80 stands in the Dockerfile",
                "EXPOSE is a note for people and tools. `-p` publishes, with or without it.",
            ),
        ),
    ),
    QuizQuestion(
        key="02.q2",
        question=(
            "You type `docker stop shop`. Ten seconds later it is done, and the exit code is 137. "
            "What happened?"
        ),
        choices=(
            Choice(
                "The program got SIGTERM, needed ten seconds to tidy up, and then ended by it",
                "Then the code would be 143, or the program's own: 137 is 128 + 9, SIGKILL.",
            ),
            Choice(
                "`docker stop` sends SIGKILL, and the program took ten seconds to end",
                "SIGKILL gives no time at all. `docker stop` sends SIGTERM first, and waits.",
            ),
            Choice(
                "PID 1 did not end on SIGTERM, and the engine killed it when the time was up",
                "Perhaps a shell is PID 1, or a program without a handler. `exec`, a handler or "
                "`--init` mends it.",
                right=True,
            ),
            Choice(
                "It passed its memory limit, and the kernel killed it",
                "That gives 137 too (lesson 07), but not just when the ten seconds of your "
                "`docker stop` are over.",
            ),
        ),
    ),
)
