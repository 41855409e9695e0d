"""What lesson 01 asks: who brought a file, bytes won back, bytes shared; guesses and questions."""

from __future__ import annotations

from helpers.exercises.lesson_01_checks import (
    ANSWER,
    BOUND_BYTES,
    FAT,
    LABEL,
    LIGHT,
    PARCEL,
    SLIM,
    SOUGHT,
    answer_hint,
    check_answer,
    check_light,
    check_slim,
)
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion
from helpers.model.text.units import format_bytes

BUILD = "%%docker build -q -t"

EXERCISES = (
    Exercise(
        number="01.1",
        title="Who brought this?",
        goal=(
            f"Which instruction of `{PARCEL}` brought `/{SOUGHT}`? Build an image named `{LIGHT}` "
            "with the files of all the other instructions and nothing of that one, not even "
            "hidden in a layer."
        ),
        starter=f"# {BUILD} {LIGHT} -\n# FROM busybox:1.37\n# ...",
        solution=(
            f"{BUILD} {LIGHT} -\n"
            "FROM busybox:1.37\n"
            "RUN mkdir -p /srv/shop && echo open > /srv/shop/state\n"
            "RUN head -c 300000 /dev/zero > /srv/shop/server; chmod 700 /srv/shop/server\n"
            "ENV SHOP=open\n"
            "RUN echo $SHOP > /etc/motd"
        ),
        check=check_light,
        hints=(
            f"`layer_explorer('{PARCEL}')`, then filter by name: under the tree stands which "
            "instruction brought the file that you choose.",
            f"It is the one with the loop: `/{SOUGHT}` is not written out in it. "
            f"`%docker history --no-trunc {PARCEL}` lists the others, newest first: write them "
            "into a Dockerfile from the bottom up, without `/bin/sh -c` and `# buildkit`.",
        ),
        names=(LIGHT,),
        seconds=30,
    ),
    Exercise(
        number="01.2",
        title="Win the bytes back",
        goal=(
            f"Build an image named `{SLIM}` whose `/report` has the same two files as that of "
            f"`{FAT}`, with the same sizes and modes, and whose layers hide less than "
            f"{format_bytes(BOUND_BYTES)} from each other."
        ),
        starter=f"# {BUILD} {SLIM} -\n# FROM busybox:1.37\n# ...",
        solution=(
            f"{BUILD} {SLIM} -\n"
            "FROM busybox:1.37\n"
            "RUN mkdir /report && cd /report \\\n"
            "    && head -c 6000000 /dev/zero > raw.dat \\\n"
            "    && head -c 2000000 raw.dat > table.dat \\\n"
            "    && rm raw.dat && chmod 640 table.dat \\\n"
            '    && echo "Sales went up by 4 %." > summary.txt'
        ),
        check=check_slim,
        hints=(
            f"The tab Waste of `layer_explorer('{FAT}')` names each line to change. Each `RUN` is "
            "one layer, however much it does.",
            "Make, use, delete and `chmod` in one `RUN`, with `&&` between, so that the layer is "
            "written once all is done.",
        ),
        names=(SLIM,),
        seconds=30,
    ),
    Exercise(
        number="01.3",
        title="Counted once",
        goal=(
            f"How many bytes do `{PARCEL}` and `{FAT}` share? Build an image named `{ANSWER}` that "
            f"says it in its label `{LABEL}`, in bytes and digits only. Within 10 % is enough: for "
            "2.5 MB write 2500000."
        ),
        starter=f"# {BUILD} {ANSWER} -\n# FROM busybox:1.37\n# LABEL {LABEL}=...",
        solution=(
            f"shared = engine.image('{PARCEL}').shared_with(engine.image('{FAT}')).size_bytes\n"
            f"!echo FROM busybox:1.37 | docker build -q -t {ANSWER} --label {LABEL}={{shared}} -"
        ),
        check=check_answer,
        hints=(
            f"`layer_explorer('{PARCEL}', '{FAT}')` sets their layers side by side. Which of them "
            "are in both?",
            answer_hint,
        ),
        names=(ANSWER,),
        seconds=30,
    ),
)

PREDICTIONS = (
    Prediction(
        key="01.a",
        question=(
            "`ENV`, `EXPOSE`, `LABEL`, `WORKDIR`, `RUN` and `CMD` follow the `FROM` of a "
            "Dockerfile. How many layers do these six add?"
        ),
        unit="layers",
        explanation=(
            "RUN brings files, and so makes a layer; WORKDIR brings a folder that was not there. "
            "ENV, EXPOSE, LABEL and CMD change the note that goes with the files, and are kept as "
            "empty entries of the history."
        ),
    ),
    Prediction(
        key="01.b",
        question=(
            "One instruction writes a file of 5 MB, the next one deletes it. How many MB do the "
            "two add to the image?"
        ),
        unit="MB",
        explanation=(
            "The layer with the file is finished by then, and layers never change. The next layer "
            "holds only a mark, called a whiteout, that hides the file."
        ),
    ),
    Prediction(
        key="01.c",
        question=(
            "One instruction writes a file of 5 MB, the next one only changes its mode with "
            "`chmod`. How many MB do the two add?"
        ),
        unit="MB",
        explanation=(
            "A layer holds whole files. To change one bit of a file's mode in a new layer, the "
            "whole file is copied up."
        ),
    ),
    Prediction(
        key="01.d",
        question=(
            "Above their base both have the same layer of 5 MB, and `chmodded` has a second one "
            "of 5 MB. How many MB of the disk does `chmodded` need for itself alone?"
        ),
        unit="MB",
        explanation=(
            "The base and the first layer of 5 MB are on the disk once, and `deleted` still needs "
            "them. Only the layer with the changed copy is its own."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="01.q1",
        question=(
            "You build an image on a laptop with an ARM processor and push it. A Linux server with "
            "an Intel processor, and nothing installed but Docker, is to run it. What happens?"
        ),
        choices=(
            Choice(
                "It runs: an image runs anywhere",
                "Its programs are made for one processor. The server has no use for them.",
            ),
            Choice(
                "It fails: `exec format error`, or a word about the platform",
                "An image is made for one system and processor. For several, one name stands for "
                "several images, and each machine pulls the one that fits.",
                right=True,
            ),
            Choice(
                "Docker translates it",
                "Not by itself: that needs an emulator, which is slow. Docker Desktop brings one; "
                "a server usually has none.",
            ),
        ),
    ),
    QuizQuestion(
        key="01.q2",
        question=(
            "A bug came with the image that you deployed on Monday as `shop:latest`. What tells "
            "for sure whether the server runs the same image today?"
        ),
        choices=(
            Choice("Its tag", "A tag is a name tag: it can be moved to another image at any time."),
            Choice("Its size", "Two different images can have the same size."),
            Choice(
                "Its digest",
                "It is computed from the content. Another content, another digest; no one can "
                "move it.",
                right=True,
            ),
        ),
    ),
)
