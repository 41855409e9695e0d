"""What lesson 05 asks: a roll back by digest, and two tags of one image; guesses and questions."""

from __future__ import annotations

from helpers.exercises.lesson_05_checks import (
    ADDRESS,
    SOUP,
    TEA,
    TEA_TAGS,
    TWINS,
    check_soup,
    check_twins,
    twins_hint,
)
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

EXERCISES = (
    Exercise(
        number="05.1",
        title="Back to yesterday's soup",
        goal=(
            f"Build two images that differ, and push them as `{SOUP}:1.0` and `:2.0` to your "
            f"registry at `{ADDRESS}`. Customers dislike the new one: make a container `soup` "
            "from version 1, and name its image by digest. It may have ended, but must be there."
        ),
        starter="# %docker push ...\n# %docker run --name soup ...",
        solution=(
            "from pathlib import Path\n"
            "from tempfile import mkdtemp\n"
            "folder = mkdtemp()\n"
            'lines = ["FROM busybox:1.37", "ARG VERSION", "RUN echo Soup $VERSION > /soup"]\n'
            'Path(folder, "Dockerfile").write_text("\\n".join(lines))\n'
            f"%docker build -t {ADDRESS}/{SOUP}:1.0 --build-arg VERSION=1 {{folder}}\n"
            f"%docker build -t {ADDRESS}/{SOUP}:2.0 --build-arg VERSION=2 {{folder}}\n"
            f"%docker push {ADDRESS}/{SOUP}:1.0\n"
            f"%docker push {ADDRESS}/{SOUP}:2.0\n"
            f'first = engine.registry_at("{ADDRESS}").digest("{SOUP}:1.0")\n'
            f"%docker run --name soup {ADDRESS}/{SOUP}@{{first}} cat /soup"
        ),
        check=check_soup,
        hints=(
            f"First two images, as you built `bread:1`: `-t {ADDRESS}/{SOUP}:1.0` gives one its "
            "whole name at once. A push for each. Which digest does the tag `1.0` lead to? The "
            "push told it at its end, and `registry.digest` tells it again.",
            f"`%docker run --name soup {ADDRESS}/{SOUP}@sha256:…`, with the digest of version 1 "
            "in full. Remove an earlier container `soup` first.",
        ),
        names=("soup", "soup:1", "soup:2"),
    ),
    Exercise(
        number="05.2",
        title="Twins",
        goal=(
            f"Two of the tags {', '.join(f'`{tag}`' for tag in TEA_TAGS)} of `{TEA}` in your "
            "registry lead to one and the same image. Which digest have they in common? Make a "
            f"container `{TWINS}` from that image, and name it by this digest."
        ),
        starter=f"# %docker run --name {TWINS} ...",
        solution=(
            f'registry = engine.registry_at("{ADDRESS}")\n'
            f'digests = [registry.digest(f"{TEA}:{{tag}}") for tag in {TEA_TAGS!r}]\n'
            "shared = max(digests, key=digests.count)\n"
            f"%docker run --name {TWINS} {ADDRESS}/{TEA}@{{shared}}"
        ),
        check=check_twins,
        hints=(
            "Names tell nothing, and sizes may be the same by chance. What is computed from the "
            f"content alone? `%docker pull {ADDRESS}/{TEA}:green` prints it, as does "
            "`%docker images --digests`.",
            twins_hint,
        ),
        names=(TWINS,),
    ),
)

PREDICTIONS = (
    Prediction(
        key="05.a",
        question=(
            "You push an image, delete it from your machine, and pull it back. Is its digest "
            "the same as before?"
        ),
        choices=("the same", "another one"),
        explanation=(
            "A digest is computed from the list of the image's layers (below: its manifest), and "
            "that from the layers. The same bytes have the same digest, wherever they have been."
        ),
    ),
    Prediction(
        key="05.b",
        question=(
            "Version 1 is in the registry: a layer of 1 or 2 MB from the base, one of 3 MB, and a "
            "small file. Version 2 is built on it, and writes that file anew. How many kB does "
            "its push add to the registry?"
        ),
        unit="kB",
        explanation=(
            "The layers below were there and were skipped. What came is one small layer, the "
            "image's config and its manifest."
        ),
    ),
    Prediction(
        key="05.c",
        question=(
            "Somebody pushes version 2 under the tag `stable`, which led to version 1. You wrote "
            "down the digest of version 1. What do you get if you pull by that digest?"
        ),
        choices=("version 1", "version 2", "an error"),
        explanation=(
            "The tag moved; the manifest of version 1 stayed in the registry, and its digest "
            "leads to it and to nothing else."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="05.q1",
        question=(
            "You are logged in at `ghcr.io`, and a registry of your own runs at `localhost:5004`. "
            "You type `docker push team/app`. Where does the image go?"
        ),
        choices=(
            Choice(
                "To ghcr.io/team/app:latest",
                "A login says who you are at a registry, once a name leads there. This name "
                "leads elsewhere.",
            ),
            Choice(
                "To docker.io/library/team/app:latest",
                "The registry and the tag are right. But `library` is filled in only where a name "
                "has no slash at all, as `python` has none.",
            ),
            Choice(
                "To docker.io/team/app:latest",
                "`team` has neither a dot nor a colon and is not `localhost`, so it is no "
                "address: Docker Hub is meant, and `team` has to be yours there.",
                right=True,
            ),
            Choice(
                "To localhost:5004/team/app:latest",
                "A registry that runs here is not asked unless its address stands in the name.",
            ),
        ),
    ),
    QuizQuestion(
        key="05.q2",
        question=(
            "Three servers shall run the very same image, today and after each restart. Which "
            "name do you give them?"
        ),
        choices=(
            Choice("shop:latest", "It leads to whatever was pushed last under that tag."),
            Choice(
                "shop:1.4.2",
                "Better: most people never move such a tag. But nothing keeps them from it.",
            ),
            Choice(
                "shop@sha256:9f2c…, in full",
                "The digest leads to these bytes or to nothing, and the engine checks that.",
                right=True,
            ),
        ),
    ),
)
