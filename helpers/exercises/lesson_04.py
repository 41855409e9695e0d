"""What lesson 04 asks for: a secret removed, and two images from one Dockerfile."""

from __future__ import annotations

from helpers.exercises.lesson_04_checks import BLACK, CLEAN, GREEN, check_clean, check_tea
from helpers.exercises.lesson_04_questions import PREDICTIONS, QUIZ
from helpers.model.course.exercise import Exercise

__all__ = ["EXERCISES", "PREDICTIONS", "QUIZ"]

EXERCISES = (
    Exercise(
        number="04.1",
        title="As if it had never been there",
        goal=(
            "The image `vault-leaky` holds a letter, signed with the token in `vault/token.txt`, "
            "and the token, too. (`sh sign.sh PATH` reads it from another place.) An image named "
            f"`{CLEAN}` has the signed letter, as a file `letter.signed`, and the token nowhere: "
            "in no layer, and not in its history."
        ),
        starter=f"# %docker build -t {CLEAN} vault",
        solution=(
            "from pathlib import Path\n\n"
            'Path("vault/Dockerfile").write_text("""\\\n'
            "FROM busybox:1.37\n"
            "WORKDIR /srv\n"
            "COPY letter.txt sign.sh ./\n"
            "RUN --mount=type=secret,id=token sh sign.sh /run/secrets/token\n"
            'CMD ["cat", "/srv/letter.signed"]\n'
            '""")\n'
            f"%docker build -t {CLEAN} --secret id=token,src=vault/token.txt vault"
        ),
        check=check_clean,
        hints=(
            "`engine.image('vault-leaky').find(...)`, with the text of `vault/token.txt`, names "
            "the instruction that brought it. Which file need not be copied at all, if `RUN` is "
            "lent it?",
            "`COPY letter.txt sign.sh ./`, then `RUN --mount=type=secret,id=token sh sign.sh "
            "/run/secrets/token`, and `--secret id=token,src=vault/token.txt` with the build. (A "
            "stage does it as well: sign in a first one, `FROM busybox:1.37 AS signed`, and take "
            "`COPY --from=signed /srv/letter.signed /srv/` from it and nothing else.)",
        ),
        names=(CLEAN,),
        seconds=30,
    ),
    Exercise(
        number="04.2",
        title="One Dockerfile, two teas",
        goal=(
            "The folder `tea` makes black tea only. Change its Dockerfile, once, so that "
            f"`docker build -t {BLACK} tea` still gives an image with `KIND=black` in its "
            f"containers, and the same Dockerfile gives `{GREEN}` with `KIND=green` once the "
            "build is told so by an argument."
        ),
        starter=f"# %docker build -t {BLACK} tea\n# %docker build -t {GREEN} tea",
        solution=(
            "from pathlib import Path\n\n"
            'Path("tea/Dockerfile").write_text("""\\\n'
            "FROM busybox:1.37\n"
            "ARG KIND=black\n"
            "ENV KIND=$KIND\n"
            'CMD ["sh", "-c", "echo A cup of $KIND tea"]\n'
            '""")\n'
            f"%docker build -t {BLACK} tea\n"
            "# Podman's cache does not look at the argument of an ENV.\n"
            f"%docker build --no-cache -t {GREEN} --build-arg KIND=green tea"
        ),
        check=check_tea,
        hints=(
            "What a build is told stands in an `ARG`, what a container is told in an `ENV`. Can "
            "the one take its value from the other?",
            "`ARG KIND=black`, and below it `ENV KIND=$KIND`. Then the second build has "
            "`--build-arg KIND=green`. (On Podman also `--no-cache`: its cache does not look at "
            "the argument of an `ENV`, github.com/containers/buildah/issues/5501.)",
        ),
        names=(BLACK, GREEN),
        seconds=30,
    ),
)
