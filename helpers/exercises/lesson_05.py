"""What lesson 05 asks: a roll back by digest, and two tags of one image; guesses and questions."""

from __future__ import annotations

from helpers.exercises.lesson_05_checks import (
    ADDRESS,
    SOUP,
    TEA,
    TEA_TAGS,
    TWIN,
    check_soup,
    check_twin,
    twin_hint,
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
        starter='# registry.push("soup:1", ...)\n# engine.run(..., name="soup")',
        solution=(
            "import subprocess\n"
            "registry = engine.registry()\n"
            "for version in (1, 2):\n"
            '    recipe = f"FROM busybox:1.37\\nRUN echo soup {version} > /soup\\n'
            'CMD cat /soup\\n"\n'
            '    words = ["docker", "build", "-q", "-t", f"soup:{version}", "-"]\n'
            "    subprocess.run(words, input=recipe.encode(), check=True, capture_output=True)\n"
            f'    registry.push(f"soup:{{version}}", f"{SOUP}:{{version}}.0")\n'
            f'first = registry.digest("{SOUP}:1.0")\n'
            f'engine.run(registry.name(f"{SOUP}@{{first}}"), name="soup", detach=False)'
        ),
        check=check_soup,
        hints=(
            "First two images, as you built `bread:1`: `soup:1` and `soup:2`, and a push for each. "
            "Which digest does the tag `1.0` lead to? The push told it, and `registry.digest` "
            "tells it again.",
            f"`docker run --name soup {ADDRESS}/{SOUP}@sha256:…`, with the digest of version 1 "
            "in full. Remove an earlier container `soup` first.",
        ),
        names=("soup", "soup:1", "soup:2"),
    ),
    Exercise(
        number="05.2",
        title="Twins",
        goal=(
            f"Two of the tags {', '.join(f'`{tag}`' for tag in TEA_TAGS)} of `{TEA}` lead to one "
            f"and the same image. Find out which, and give that image one more tag in the "
            f"registry: `{TEA}:{TWIN}`."
        ),
        starter=f'# registry.push(..., "{TEA}:{TWIN}")',
        solution=(
            "registry = engine.registry()\n"
            f'digests = {{tag: registry.digest(f"{TEA}:{{tag}}") for tag in {TEA_TAGS!r}}}\n'
            "all_of_them = list(digests.values())\n"
            "twin = next(tag for tag in digests if all_of_them.count(digests[tag]) == 2)\n"
            f'registry.pull(f"{TEA}:{{twin}}")\n'
            f'registry.push(registry.name(f"{TEA}:{{twin}}"), "{TEA}:{TWIN}")'
        ),
        check=check_twin,
        hints=(
            "Names tell nothing, and sizes may be the same by chance. What is computed from the "
            "content alone?",
            twin_hint,
        ),
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
        question="You type `docker pull team/app`. From which registry does Docker pull it?",
        choices=(
            Choice(
                "From the registry `team`",
                "`team` has neither a dot nor a colon and is not `localhost`, so it is no "
                "address: it is a namespace.",
            ),
            Choice(
                "From Docker Hub",
                "Where no registry is written, `docker.io` is filled in, and `latest` for the tag.",
                right=True,
            ),
            Choice(
                "From the registry that was used last",
                "Docker remembers logins, but the registry is always part of the name.",
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
