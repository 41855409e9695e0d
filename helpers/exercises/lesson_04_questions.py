"""What lesson 04 asks: guesses before its builds, and what to do when a secret is out."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="04.a",
        question=(
            "`RUN date > /baked` is built, and then built once more, from the same text. "
            "Which instructions will the second build carry out?"
        ),
        choices=("nothing", "`RUN`"),
        explanation=(
            "A `RUN` is known by its text and by what came before it. That a clock, or a server, "
            "would say something else today, the builder can't know."
        ),
    ),
    Prediction(
        key="04.b",
        question=(
            "A token comes in as a build argument, is written to a file, and the file is deleted. "
            "Where can the token be read afterwards: in the image's history, in a file of one of "
            "its layers?"
        ),
        choices=("nowhere", "history", "file", "file and history"),
        explanation=(
            "The history keeps the arguments of each `RUN` that could see them. And deleting hides "
            "a file of an earlier layer, as lesson 01 showed: it does not take it out."
        ),
    ),
    Prediction(
        key="04.c",
        question=(
            "The file with the token gets another token, and the same Dockerfile is built again. "
            "Which instructions will be carried out?"
        ),
        choices=("nothing", "`RUN`"),
        explanation=(
            "The value of a secret is no part of what a step is known by. So the signature is the "
            "one of the old token: with a new secret, build with `--no-cache`."
        ),
    ),
    Prediction(
        key="04.d",
        question=(
            "`pip install` keeps what it fetches in `/root/.cache/pip`, where a cache mount is. "
            "How many files will stand in that folder of the image?"
        ),
        unit="files",
        explanation=(
            "The mount was there while the step ran. It belongs to the builder, and is in no layer."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="04.q1",
        question=(
            "An image with a password in one of its layers was pushed to a registry yesterday. "
            "What is to be done first?"
        ),
        choices=(
            Choice(
                "Build it again without the password and push it under the same tag",
                "The old image stays where it was pulled to, and its digest can still be pulled.",
            ),
            Choice(
                "Change the password",
                "What was in an image that others could pull is known. Then mend the Dockerfile, "
                "so that the new password does not go the same way.",
                right=True,
            ),
            Choice(
                "Add `RUN rm` for the file and push again",
                "The layer with the password would be pushed along, below the one that hides it.",
            ),
        ),
    ),
)
