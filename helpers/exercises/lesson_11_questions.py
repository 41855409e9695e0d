"""The guesses and questions of lesson 11."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="11.a",
        question="You stop the container `prices`. What does `/items` say, and what `/prices`?",
        choices=(
            "both go on as before",
            "`/items` answers, `/prices` says 503",
            "both say 503",
            "nothing answers: the shop ends",
        ),
        explanation=(
            "Each part fails alone, and the shop serves what it can without it. The price of that "
            "is a call over the network, which may now fail, where there was a call of a function."
        ),
    ),
    Prediction(
        key="11.b",
        question=(
            "Three files, each with a new volume: `web` waits until the database is started; until "
            "`pg_isready` is content with the socket; until it is content with 127.0.0.1. Whose "
            "app ends with an error at its first start?"
        ),
        choices=(
            "the first one's",
            "the first two's",
            "all three's",
            "none of them",
        ),
        explanation=(
            "A temporary server prepares a new volume. It listens on the socket alone, so a check "
            "by the socket says healthy, and the app, which comes over the network, is refused. "
            "Healthy is what the check asks, and nothing more."
        ),
    ),
    Prediction(
        key="11.c",
        question=(
            "`POSTGRES_PASSWORD` is changed in the file, and `up` is run again. Which password "
            "does the database take?"
        ),
        choices=("the old one", "the new one", "both of them", "none: it does not start"),
        explanation=(
            "The variable is read when the database is made, which happens once, on an empty "
            "volume. The container is new, and the volume is the old one, password and all."
        ),
    ),
    Prediction(
        key="11.d",
        question=(
            "`.env` says `DRINK=tea`. The file that `env_file` names says `DRINK=coffee`. What "
            "does `${DRINK}` in the compose file come to?"
        ),
        choices=("`tea`", "`coffee`", "nothing, and a warning"),
        explanation=(
            "The compose file takes its values from the shell, and what that lacks from `.env`, or "
            "from the file of the option `--env-file`. What `env_file` names is for the container, "
            "which gets `coffee`."
        ),
    ),
    Prediction(
        key="11.e",
        question=(
            "160 requests, 20 a second, while `up -d` replaces the one container of `web` by a new "
            "version. How many of them fail?"
        ),
        unit="requests",
        explanation=(
            "The old container ends before the new one is started, and that one needs a while "
            "until it listens. Whoever asks in between gets no answer. Lesson 12 does it with none."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="11.q1",
        question="`web` has `depends_on: [db]`, and no condition. What does `up` wait for?",
        choices=(
            Choice(
                "For the health check of `db`",
                "That is `condition: service_healthy`. Without it the check runs, and nobody asks "
                "what it says.",
            ),
            Choice(
                "Until the database takes connections",
                "Compose knows of no database, and of no connections. A health check can tell it.",
            ),
            Choice(
                "Until the container of `db` has been started, and nothing more",
                "Its first process is there then; what it is busy with is its own affair. And who "
                "restarts `db` later does not restart `web`: that is `restart: true` beside the "
                "condition.",
                right=True,
            ),
        ),
    ),
    QuizQuestion(
        key="11.q2",
        question="A secret under `secrets:`, from a `file:`. Is it encrypted?",
        choices=(
            Choice(
                "Yes: it is a secret",
                "The word promises more than Compose does. Who may read the file on the machine, "
                "or enter the container, reads it.",
            ),
            Choice(
                "Yes, in memory: it never comes to a disk",
                "That is what Swarm does: encrypted among its managers, and in the container a "
                "file in memory.",
            ),
            Choice(
                "No: it is the machine's own file, mounted, owner and mode included",
                "What is won: it stands in no variable, so `docker inspect` and what inherits the "
                "environment do not tell it. Swarm's secrets are encrypted.",
                right=True,
            ),
        ),
    ),
)
