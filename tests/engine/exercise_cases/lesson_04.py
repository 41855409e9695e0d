"""The cases of lesson 04: a secret removed, and two images from one Dockerfile."""

from __future__ import annotations

from helpers.exercises.lesson_04_files import TOKEN
from tests.engine.exercise_cases import Attempt, ExerciseCases
from tests.engine.folder_cells import built, cell, dockerfile, folder_made

CLEAN = built("vault", "vault-clean")
SIGN = ("WORKDIR /srv", "COPY . .", "RUN sh sign.sh")

BLACK, GREEN = built("tea", "tea:black"), built("tea", "tea:green")
PAIR = ("ARG KIND=black", "ENV KIND=$KIND")

CASES = (
    ExerciseCases(
        "04.1",
        prepare=folder_made("vault"),
        wrong=(
            Attempt("as it was given", CLEAN, says="hidden, and still in the layer"),
            Attempt(
                "not even deleted",
                cell(dockerfile("vault", *SIGN), CLEAN),
                says="brought by",
            ),
            Attempt(
                "by way of an argument",
                cell(
                    dockerfile(
                        "vault",
                        "WORKDIR /srv",
                        "ARG TOKEN",
                        "COPY letter.txt sign.sh ./",
                        "RUN echo $TOKEN > t; sh sign.sh t; rm t",
                    ),
                    f"%docker build -t vault-clean --build-arg TOKEN={TOKEN} vault",
                ),
                says="stands in the history",
            ),
            Attempt(
                "another token",
                cell(
                    dockerfile(
                        "vault",
                        "WORKDIR /srv",
                        "COPY letter.txt sign.sh ./",
                        "RUN echo 123 > token.txt; sh sign.sh; rm token.txt",
                    ),
                    CLEAN,
                ),
                says="is not signed with the token",
            ),
            Attempt(
                "no letter",
                cell(dockerfile("vault", "WORKDIR /srv"), CLEAN),
                says="There is no `letter.signed`",
            ),
        ),
        unusual=(
            Attempt(
                "mounted while it is signed",
                cell(
                    dockerfile(
                        "vault",
                        "WORKDIR /srv",
                        "COPY letter.txt sign.sh ./",
                        "RUN --mount=type=bind,source=token.txt,target=/run/token "
                        "sh sign.sh /run/token",
                    ),
                    CLEAN,
                ),
            ),
            Attempt(
                "deleted within the instruction that brought it, and flattened",
                cell(
                    dockerfile("vault", *SIGN, "RUN rm token.txt"),
                    "%docker build -t wbex-vault vault",
                    "!docker create --name wbex-letter wbex-vault",
                    "!docker export wbex-letter | docker import - vault-clean",
                ),
            ),
        ),
        leaves=("wbex-vault", "wbex-letter"),
    ),
    ExerciseCases(
        "04.2",
        prepare=folder_made("tea"),
        wrong=(
            Attempt("one build", BLACK, says="There is `tea:black` alone"),
            Attempt("as it was given", cell(BLACK, GREEN), says="`KIND` is `black`"),
            Attempt(
                "an argument alone",
                cell(dockerfile("tea", "ARG KIND=black"), BLACK, f"{GREEN} --build-arg KIND=green"),
                says="has no `KIND`",
            ),
            Attempt(
                "the value edited between the builds",
                cell(
                    dockerfile("tea", "ENV KIND=black"),
                    BLACK,
                    dockerfile("tea", "ENV KIND=green"),
                    GREEN,
                ),
                says="`tea:black` has no `ARG`",
            ),
            Attempt(
                "a line added between the builds",
                cell(
                    dockerfile("tea", *PAIR),
                    BLACK,
                    dockerfile("tea", *PAIR, "LABEL leaves=young"),
                    f"{GREEN} --build-arg KIND=green",
                ),
                says="(?s)`nothing` .*LABEL leaves=young.*Were both built",
            ),
            Attempt(
                "by hand",
                cell(
                    dockerfile("tea", *PAIR),
                    BLACK,
                    "!docker create --name wbex-tea tea:black true",
                    "!docker commit --change 'ENV KIND=green' wbex-tea tea:green",
                ),
                says="(?s)`nothing` in its history where.*Were both built",
            ),
        ),
        unusual=(
            Attempt(
                "both said, in a terminal",
                cell(
                    dockerfile("tea", "ARG KIND", "ENV KIND=$KIND"),
                    "!docker build -q -t tea:black --build-arg KIND=black tea",
                    "!docker build -q -t tea:green --build-arg KIND=green tea",
                ),
            ),
            Attempt(
                "an argument of another name, seen by a program too",
                cell(
                    dockerfile(
                        "tea", "ARG LEAF=black", "ENV KIND=$LEAF", "RUN echo $LEAF > /etc/tea"
                    ),
                    BLACK,
                    f"{GREEN} --build-arg LEAF=green",
                ),
            ),
        ),
        leaves=("wbex-tea",),
    ),
)
