"""The guesses and questions of lesson 09."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="09.a",
        question=(
            "Of seven kinds of namespaces (host name, process numbers, network, message queues, "
            "mounts, users, control groups), how many does a container have for itself by default?"
        ),
        unit="namespaces",
        explanation=(
            "Users are shared with the machine, unless the engine runs without root or maps them. "
            "Control groups are its own where the kernel counts with cgroup v2."
        ),
    ),
    Prediction(
        key="09.b",
        question=(
            "Root in a container tries four things: to set the clock, to rename the host, to mount "
            "a file system, and to give a file of its own to another user. What works?"
        ),
        choices=(
            "all four: it is root",
            "give a file away, and no more",
            "rename the host and give a file away",
            "none of them",
        ),
        explanation=(
            "Giving a file away needs a capability that Docker leaves it, CHOWN. The clock is the "
            "machine's; host name and mounts are its own, and need one that Docker takes away."
        ),
    ),
    Prediction(
        key="09.c",
        question=(
            "User 65534 starts `peek`, a copy of `cat` that belongs to root and has the setuid "
            "bit. Can it read `/etc/shadow`, which that user may not read?"
        ),
        choices=("yes", "no"),
        explanation=(
            "The setuid bit makes the process its file's owner, root, and `/etc/shadow` is root's."
        ),
    ),
    Prediction(
        key="09.d",
        question=(
            "A container has no network, no capabilities, and a read-only file system. The "
            "engine's socket is mounted into it, read-only. What can it read of the machine?"
        ),
        choices=("nothing", "what the engine lists", "every file"),
        explanation=(
            "`:ro` is for the file in the folder, not for what is said through it. Whoever speaks "
            "to the engine may have it start a container with any folder of the machine in it."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="09.q1",
        question=(
            "A team runs its app as user 1000 and says: so we need no `--cap-drop`. Are they right?"
        ),
        choices=(
            Choice(
                "Yes: without root there are no capabilities",
                "At the start there are none. A program with the setuid bit gets all that the "
                "container may have at all.",
            ),
            Choice(
                "No: a setuid program can still gain what the container may have at all",
                "`--cap-drop ALL` leaves nothing to gain, `no-new-privileges` makes setuid void.",
                right=True,
            ),
            Choice(
                "No: user 1000 has root's capabilities until they are dropped",
                "The kernel clears them when the process becomes another user than root.",
            ),
        ),
    ),
    QuizQuestion(
        key="09.q2",
        question="A scanner finds nothing known in an image. What does that say?",
        choices=(
            Choice(
                "That the image is safe",
                "It knows published holes of packages that it recognises. It knows nothing of "
                "your code, of a password in a layer, or of how the container is run.",
            ),
            Choice(
                "That none of the packages that it recognised has a hole that it knew today",
                "Tomorrow it may know more: scan again, and rebuild on a fresh base.",
                right=True,
            ),
            Choice(
                "Nothing at all: scanners guess",
                "They compare versions with published lists, and where the lists are good, so are "
                "they.",
            ),
        ),
    ),
)
