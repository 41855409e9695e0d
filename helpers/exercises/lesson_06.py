"""What lesson 06 asks: a VM that answers, and how many containers weigh as much as one."""

from __future__ import annotations

from helpers.exercises.lesson_06_checks import (
    APP_IMAGE,
    CROWD,
    GUEST,
    GUEST_PORT,
    HEAVY,
    check_crowd,
    check_guest,
)
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

EXERCISES = (
    Exercise(
        number="06.1",
        title="A kernel of its own",
        goal=(
            f"A virtual machine named `{GUEST}` runs the app of `{APP_IMAGE}`, on a kernel of its "
            f"own, and answers at `http://127.0.0.1:{GUEST_PORT}/`."
        ),
        starter=(
            f'# guest = engine.vm("{APP_IMAGE}", name="{GUEST}", ports={{80: ...}})\n'
            "# guest.wait_until_ready()"
        ),
        solution=(
            f'guest = engine.vm("{APP_IMAGE}", name="{GUEST}",\n'
            f'                  ports={{80: "127.0.0.1:{GUEST_PORT}"}})\n'
            "guest.wait_until_ready()"
        ),
        check=check_guest,
        hints=(
            "`engine.vm` takes the image first, as `engine.run` does, then `name` and `ports`. "
            "A VM boots before its app starts: `wait_until_ready()` waits for it.",
            f'`engine.vm("{APP_IMAGE}", name="{GUEST}", ports={{80: "127.0.0.1:{GUEST_PORT}"}})`, '
            f"then `wait_until_ready()`. What goes wrong stands in `docker logs {GUEST}`.",
        ),
        names=(GUEST,),
        seconds=15,
    ),
    Exercise(
        number="06.2",
        title="Five against one",
        goal=(
            f"Five containers of `{APP_IMAGE}`, named `{CROWD[0]}` to `{CROWD[-1]}`, run beside a "
            f"VM of the same image, named `{HEAVY}`, that publishes port 80 and answers. The check "
            "weighs them."
        ),
        starter="# for number in range(1, 6): ...",
        solution=(
            "for number in range(1, 6):\n"
            f'    engine.run("{APP_IMAGE}", name=f"crowd-{{number}}")\n'
            f'heavy = engine.vm("{APP_IMAGE}", name="{HEAVY}", ports={{80: 0}})\n'
            "heavy.wait_until_ready()"
        ),
        check=check_crowd,
        hints=(
            "Five containers need five names and no port. The VM needs a port, so that one can "
            "see when its app answers; `ports={80: 0}` lets Docker choose.",
            f'`engine.run("{APP_IMAGE}", name="crowd-1")`, and so on to 5. Then '
            f'`engine.vm("{APP_IMAGE}", name="{HEAVY}", ports={{80: 0}}).wait_until_ready()`.',
        ),
        names=(*CROWD, HEAVY),
        seconds=30,
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
        explanation="Five containers still share one kernel; the VM has one to itself.",
    ),
)

QUIZ = (
    QuizQuestion(
        key="06.q1",
        question=(
            "Your own web shop consists of nine services. Every developer starts all of them ten "
            "times a day. Containers or virtual machines?"
        ),
        choices=(
            Choice(
                "Containers",
                "It is your own code, it starts often, and nine kernels would bring nothing.",
                right=True,
            ),
            Choice(
                "Virtual machines, one for each service",
                "Nine boots, nine kernels and nine times the memory, to separate programs that "
                "trust each other anyway.",
            ),
            Choice(
                "It makes no difference",
                "You have measured that it does: in time and in memory.",
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
                "A container for each stranger is enough",
                "They would share one kernel, and one flaw in it would be enough for all of them.",
            ),
            Choice(
                "A kernel of its own for each: a VM, a microVM, or a sandbox such as gVisor",
                "Right: a program that breaks its kernel has then broken its own and no other.",
                right=True,
            ),
            Choice(
                "Nothing, if the programs do not run as root",
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
