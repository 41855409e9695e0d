"""The guesses and questions of lesson 10."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="10.a",
        question=(
            "`writer` is removed, and a new one is made with the same options. Where does it find "
            "the line that the old one wrote?"
        ),
        choices=(
            "in all four places",
            "in the volume and the bind mount",
            "in the volume alone",
            "nowhere",
        ),
        explanation=(
            "The writable layer and the memory belong to one container. A volume and a folder of "
            "the machine belong to none."
        ),
    ),
    Prediction(
        key="10.b",
        question=(
            "The image has a file in `/data`, of user 1234. A volume that nobody has used yet is "
            "mounted there. What is in it afterwards?"
        ),
        choices=(
            "nothing: it is new",
            "the image's file, and it is root's",
            "the image's file, and it is user 1234's",
        ),
        explanation=(
            "The first container that mounts an empty volume fills it with what its image has at "
            "that path, owners and modes included. That happens with volumes, and only once."
        ),
    ),
    Prediction(
        key="10.c",
        question=(
            "A second container is started as plainly as `till`, and asks for `http://till/`. What "
            "comes back?"
        ),
        choices=("the page", "that the name is unknown", "nothing, until the time is up"),
        explanation=(
            "On the network that containers are in by default, the engine resolves no names. On "
            "each network that you make, it does."
        ),
    ),
    Prediction(
        key="10.d",
        question=(
            "Two containers share the alias `prices`. Who answers twelve requests to "
            "`http://prices/`?"
        ),
        choices=(
            "the first one, always",
            "each of them exactly six",
            "both of them, as chance has it",
        ),
        explanation=(
            "The engine's name server gives both addresses, in a new order each time, and whoever "
            "asks takes the first. It does not count, and it does not see who is busy."
        ),
    ),
    Prediction(
        key="10.e",
        question=(
            "A container of the network `front` asks `safe`, which is in `back`, by its address "
            "and not by its name. What comes back?"
        ),
        choices=("the page", "a refusal, at once", "nothing, until the time is up"),
        explanation=(
            "Between its networks the engine's machine drops packets without a word. A refusal "
            "would be an answer, and would tell that somebody is there."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="10.q1",
        question="An app says of its database: `Connection refused`. What is known for certain?",
        choices=(
            Choice(
                "The two are in different networks",
                "Then nobody would answer at all, and the app would wait until its time is up.",
            ),
            Choice(
                "The name is misspelt",
                "Then there would be no address to connect to: `bad address`.",
            ),
            Choice(
                "The machine at that address was reached, and nothing listens on that port",
                "A refusal is an answer. Either the port is wrong, or the database is not up yet.",
                right=True,
            ),
        ),
    ),
    QuizQuestion(
        key="10.q2",
        question=(
            "On a server whose firewall, `ufw`, lets in nothing but SSH, a database runs with "
            "`-p 5432:5432`. Who can reach it?"
        ),
        choices=(
            Choice(
                "Nobody from outside: the firewall denies it",
                "Its rules stand where packets for the machine itself arrive. These are led on to "
                "a container before they come there.",
            ),
            Choice(
                "Whoever can reach the server",
                "The port is published on every address, and Docker's rules come first. The web "
                "app needs no `-p` to find it: a network of their own will do.",
                right=True,
            ),
            Choice(
                "The other containers alone",
                "They need no published port at all. `-p` is for everybody else.",
            ),
        ),
    ),
)
