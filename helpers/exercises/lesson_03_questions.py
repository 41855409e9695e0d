"""What lesson 03 asks: guesses before its builds, and questions that no build answers."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="03.a",
        question=(
            "One line of a web page in `my-app` is changed. Which instructions will the next build "
            "carry out, and not take from its cache?"
        ),
        choices=("nothing", "`ADD`", "`ADD, RUN`", "`WORKDIR, ADD, RUN`"),
        explanation=(
            "The files that `ADD` copies are others now, so it was done again, and so was all that "
            "follows: the builder can't know that `pip` reads one of the files only."
        ),
    ),
    Prediction(
        key="03.b",
        question=(
            "The requirements come first now. Which instructions will be carried out when a line "
            "of the page is changed?"
        ),
        choices=("nothing", "`ADD`", "`RUN, ADD`", "`ADD, RUN, ADD`"),
        explanation=(
            "The first `ADD` looks at `requirements.txt` alone, which is the same. So `pip` was "
            "spared, and the last `ADD` is all that was left to do."
        ),
    ),
    Prediction(
        key="03.c",
        question=(
            "`.dockerignore` names the folder `tests`. A line is added to a test. Which "
            "instructions will be carried out?"
        ),
        choices=("nothing", "`ADD`", "`ADD, RUN, ADD`"),
        explanation=(
            "What `.dockerignore` names is not sent, so for the builder nothing has changed."
        ),
    ),
    Prediction(
        key="03.d",
        question=(
            "`slow` runs an image that ends with `CMD python app.py`. We ask it to stop, and would "
            "wait three seconds before it is killed. How many seconds will it take?"
        ),
        unit="s",
        explanation=(
            "The shell form starts `/bin/sh -c 'python app.py'`. The shell is PID 1, does not "
            "react to SIGTERM and does not pass it on."
        ),
    ),
    Prediction(
        key="03.e",
        question=(
            "To make one help page, a tool of several MB is installed in the image. Made in a "
            "stage of its own instead, by how many MB will the image be smaller?"
        ),
        unit="MB",
        explanation=(
            "The tool stayed behind in the stage that needed it. The image has the files that its "
            "last stage has, and no others."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="03.q1",
        question=(
            "`themes.tar.gz` lies in the build context. What will be in `/srv` after "
            "`ADD themes.tar.gz /srv/`?"
        ),
        choices=(
            Choice("themes.tar.gz", "That is what `COPY` would do. `ADD` does more."),
            Choice(
                "The files that were packed in it",
                "`ADD` unpacks a local archive, and fetches an address. When you only want to "
                "copy, say `COPY`, and no reader has to think about it.",
                right=True,
            ),
            Choice("Both", "`ADD` unpacks it, and does not keep the archive."),
        ),
    ),
    QuizQuestion(
        key="03.q2",
        question=(
            'An image ends with `CMD ["echo", "one"]` and `CMD ["echo", "two"]`. What does '
            "`docker run IMAGE` print?"
        ),
        choices=(
            Choice(
                "one, then two",
                "A container has one first process. A later `CMD` replaces an earlier one.",
            ),
            Choice("one", "A later `CMD` replaces an earlier one: the first is forgotten."),
            Choice(
                "two",
                "`CMD` is a line of the image's note, and the last one wins. "
                "`docker run IMAGE COMMAND` replaces even that.",
                right=True,
            ),
            Choice(
                "Nothing: both ran when the image was built",
                "`CMD` runs nothing at all while the image is built; `RUN` does.",
            ),
        ),
    ),
)
