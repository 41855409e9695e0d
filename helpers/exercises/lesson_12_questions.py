"""The guesses and questions of lesson 12."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="12.a",
        question="Six tasks are ordered from a manager of three nodes. Where do they run?",
        choices=(
            "all on the manager",
            "two on each node",
            "three on each worker, none on the manager",
            "wherever chance puts them",
        ),
        explanation=(
            "A swarm spreads the tasks of a service as evenly as it can, and a manager is a node "
            "like the others, unless it is told otherwise."
        ),
    ),
    Prediction(
        key="12.b",
        question=(
            "Three tasks are replaced, once the old one first, once the new one first. Twenty "
            "requests a second come. In which of the two updates do some fail?"
        ),
        choices=(
            "in neither: two others answer",
            "in the first only",
            "in the second only",
            "in both",
        ),
        explanation=(
            "The new task is in DNS as soon as its process runs, and this one needs two seconds "
            "until it listens. Which one went first changes little about that."
        ),
    ),
    Prediction(
        key="12.c",
        question=(
            "With a health check, the new one first, and three seconds to leave: how many of the "
            "requests fail now?"
        ),
        unit="requests",
        explanation=(
            "A new task gets requests once it is healthy, and an old one answers until nobody has "
            "its address any longer. At each moment somebody is there who can answer."
        ),
    ),
    Prediction(
        key="12.d",
        question=(
            "Version 6 never becomes ready. `--update-failure-action rollback` is set. Who of the "
            "users notices?"
        ),
        choices=("a third of them", "all of them", "nobody", "those who come after the rollback"),
        explanation=(
            "The first new task was never healthy, so it got no request, and no old one had to go "
            "for it. The swarm took the update back by itself."
        ),
    ),
    Prediction(
        key="12.e",
        question=(
            "One of three machines dies without a word, for good. How many of the next 480 "
            "requests fail, twenty a second?"
        ),
        choices=("none", "some, then none", "a third, until somebody comes", "all of them"),
        explanation=(
            "For some seconds the door sends one in three to nobody, until the other engines miss "
            "the node and strike its tasks out of DNS. The manager waits a little longer for its "
            "heartbeat; then new tasks take the place of the lost ones."
        ),
    ),
    Prediction(
        key="12.f",
        question="A swarm has two managers, and one of them dies. What still works?",
        choices=(
            "everything: that is what the second one is for",
            "the app answers, and nothing can be changed",
            "nothing at all",
            "changes work, the app does not",
        ),
        explanation=(
            "Managers decide by majority, and one of two is none. Tasks do not need a manager to "
            "go on. Two managers can lose none, just as one; three can lose one."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="12.q1",
        question="Your swarm has three managers. A fourth one is offered. What does it bring?",
        choices=(
            Choice(
                "It can lose two of them then",
                "A majority of four is three: it can lose one, as before.",
            ),
            Choice(
                "Nothing: it can lose one, as before, and all four must be told",
                "Yes. Five can lose two, so numbers of managers are odd.",
                right=True,
            ),
            Choice(
                "Room for more tasks, which only managers have",
                "Workers have room, too, and are made for tasks.",
            ),
        ),
    ),
    QuizQuestion(
        key="12.q2",
        question="A process hangs: it runs, and answers nobody. Who notices?",
        choices=(
            Choice(
                "The restart policy",
                "That one acts when a process *ends*. This one does not.",
            ),
            Choice(
                "The health check: the task is replaced",
                "Yes. An unhealthy task is ended, and another one takes its place.",
                right=True,
            ),
            Choice(
                "Nobody, in a swarm neither",
                "Without a health check that is so.",
            ),
        ),
    ),
)
