"""What lesson 06 asks: two systems on one kernel, and what five containers weigh."""

from __future__ import annotations

from helpers.exercises.lesson_06_checks import (
    APP_IMAGE,
    CROWD,
    OTHER_IMAGE,
    WITNESSES,
    check_crowd,
    check_witnesses,
)
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

FIRST, SECOND = WITNESSES

EXERCISES = (
    Exercise(
        number="06.1",
        title="Two systems, one kernel",
        goal=(
            f"Prove that containers bring no kernel: `{FIRST}`, a container of `{OTHER_IMAGE}`, "
            f"and `{SECOND}`, one of `{APP_IMAGE}` (two quite different systems), "
            "have each named the kernel that they run on, in their logs. Both have ended well and "
            "are still there."
        ),
        starter=f"# %docker run --name {FIRST} ...\n# %docker run --name {SECOND} ...",
        solution=(
            f"%docker run --name {FIRST} {OTHER_IMAGE} uname -r\n"
            f"%docker run --name {SECOND} {APP_IMAGE} uname -r"
        ),
        check=check_witnesses,
        hints=(
            "What stands behind the image in `docker run` is run in place of the image's own "
            "command. What it prints is kept in the log, unless `--rm` removes the container.",
            f"`%docker run --name {FIRST} {OTHER_IMAGE} uname -r`, and the same for `{SECOND}` "
            f"with `{APP_IMAGE}`. A name that is taken is free again after `%docker rm NAME`.",
        ),
        names=WITNESSES,
    ),
    Exercise(
        number="06.2",
        title="Five on the scales",
        goal=(
            f"Five containers of `{APP_IMAGE}`, named `{CROWD[0]}` to `{CROWD[-1]}`, run at the "
            "same time, with no port published. Inside, each listens on port 80. The check weighs "
            "them."
        ),
        starter=f"# %docker run -d --name {CROWD[0]} ...",
        solution="\n".join(f"%docker run -d --name {name} {APP_IMAGE}" for name in CROWD),
        check=check_crowd,
        hints=(
            "Five containers need five names. `-d` leaves each running and gives the cell back; "
            "port 80 inside is each one's own, so none is in another's way.",
            f"`%docker run -d --name {CROWD[0]} {APP_IMAGE}`, and four more lines, up to "
            f"`{CROWD[-1]}`. `%docker ps` lists those that run.",
        ),
        names=CROWD,
        seconds=15,
    ),
)

PREDICTIONS = (
    Prediction(
        key="06.a",
        question=(
            "The same image starts as a container and as a virtual machine. After how many seconds "
            "does the app in the virtual machine give its first answer?"
        ),
        unit="s",
        explanation=(
            "A kernel had to boot first: it looks for its hardware, mounts a disk, brings up a "
            "network. Only then does the app start, as it did at once in the container."
        ),
    ),
    Prediction(
        key="06.b",
        question="`uname -r` names the kernel. Which one does it name in the container?",
        choices=(
            "the kernel of the engine's machine",
            "a kernel that came with the image",
            "none: a container has no kernel",
        ),
        explanation=(
            "An image brings files and no kernel. The container's processes call the kernel that "
            "is there already, the one of the engine's machine."
        ),
    ),
    Prediction(
        key="06.c",
        question=(
            "Somebody lists the processes of the engine's machine. Whose `python app.py` is there?"
        ),
        choices=("the container's", "the virtual machine's", "both", "neither"),
        explanation=(
            "A container's process is a process of the machine, kept apart from the others. The "
            "VM's is known to its own kernel alone; from outside there is only QEMU."
        ),
    ),
    Prediction(
        key="06.d",
        question=(
            "The VM believes that it has 128 MiB of memory. How many does it take from the "
            "engine's machine, with all of QEMU?"
        ),
        unit="MiB",
        explanation=(
            "The memory that the guest believes to have is not all: QEMU needs some for itself, "
            "and in software also for the instructions that it has translated."
        ),
    ),
    Prediction(
        key="06.e",
        question="Which takes more memory: five containers of the app together, or one VM?",
        choices=("the five containers", "the VM"),
        explanation=(
            "Each container takes what its app takes, and all five share one kernel. The VM takes "
            "what the guest has touched of its memory, its own kernel's too, and what QEMU needs."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="06.q1",
        question=(
            "Your own web shop consists of nine services. Each developer starts all of them ten "
            "times a day, and often replaces a single one. What do you give them?"
        ),
        choices=(
            Choice(
                "One virtual machine with all nine in it: one kernel to boot, not nine",
                "It is one kernel, as with containers. But each start waits for a boot, and to "
                "replace one service one changes a machine in which eight others run.",
            ),
            Choice(
                "A virtual machine for each, so that a crash of one stops no other",
                "A program that crashes stops no other in a container either. Only a crash of the "
                "kernel would, and against that you would pay nine boots and nine kernels.",
            ),
            Choice(
                "A container for each, on the developer's own engine",
                "Right: the code is your own, it starts often, and each is replaced by itself. "
                "That all nine share a kernel costs nothing here.",
                right=True,
            ),
            Choice(
                "A container for each in gVisor, so that each has a kernel of its own",
                "It would work. A second kernel pays off where one does not trust the code; here "
                "it is your own, and every call to the kernel would take longer.",
            ),
        ),
    ),
    QuizQuestion(
        key="06.q2",
        question=(
            "You offer a service that runs programs which strangers upload. What stands between "
            "two of them?"
        ),
        choices=(
            Choice(
                "A container for each, with limits for memory and CPU",
                "Limits keep one from eating all. They would still share one kernel, and one flaw "
                "in it would be enough for all of them.",
            ),
            Choice(
                "A kernel of its own for each: a VM on KVM, a microVM, or a sandbox such as gVisor",
                "Right: a program that breaks its kernel has then broken its own and no other.",
                right=True,
            ),
            Choice(
                "A VM for each, played by QEMU in software, so that any server will do",
                "QEMU promises isolation only with an accelerator such as KVM, and in software "
                "expressly none.",
            ),
            Choice(
                "A container for each, and no program runs as root",
                "That helps, and it is the same kernel that they talk to.",
            ),
        ),
    ),
    QuizQuestion(
        key="06.q3",
        question=(
            "An old program needs a kernel module of Linux 4.4, and your servers run a kernel of "
            "this year. What runs it?"
        ),
        choices=(
            Choice(
                "A container from an image of that time",
                "The image brings the libraries of that time, and the kernel stays yours.",
            ),
            Choice(
                "A virtual machine with the old kernel",
                "Right: only a VM brings a kernel along. Keep it away from the network.",
                right=True,
            ),
            Choice(
                "A container with `--privileged`, which loads the module",
                "It would go into your own kernel, which it does not fit.",
            ),
        ),
    ),
    QuizQuestion(
        key="06.q4",
        question=("On a Mac, `docker run busybox uname -s` answers Linux. Which kernel was asked?"),
        choices=(
            Choice(
                "The Mac's own, which pretends",
                "macOS has another kernel, and it does not pretend.",
            ),
            Choice(
                "That of busybox",
                "busybox is a program. No image brings a kernel that a container runs on.",
            ),
            Choice(
                "That of a Linux VM, which Docker Desktop keeps in the background",
                "Right: there the engine and all its containers live in one VM, and share it.",
                right=True,
            ),
        ),
    ),
)
