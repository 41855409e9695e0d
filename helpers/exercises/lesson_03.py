"""What lesson 03 asks for: a quick rebuild, and a small image."""

from __future__ import annotations

from helpers.exercises.lesson_03_checks import (
    BOUND_BYTES,
    CODE,
    FIRST,
    LIGHT,
    SECOND,
    bakery_hint,
    check_bakery,
    check_light,
)
from helpers.exercises.lesson_03_questions import PREDICTIONS, QUIZ
from helpers.model.course.exercise import Exercise
from helpers.model.text.units import format_bytes

__all__ = ["EXERCISES", "PREDICTIONS", "QUIZ"]

EXERCISES = (
    Exercise(
        number="03.1",
        title="One line, one step",
        goal=(
            f"In the folder `bakery`, the slow `prepare.sh` runs at each change of `{CODE}`. Mend "
            f"the Dockerfile and build it as `{FIRST}`; then change a line of `{CODE}` and build "
            f"`{SECOND}`. Between the two, one step alone is done again."
        ),
        starter=f"# %docker build -t {FIRST} bakery\n# %docker build -t {SECOND} bakery",
        solution=(
            "from pathlib import Path\n"
            'Path("bakery/Dockerfile").write_text("""\\\n'
            "FROM busybox:1.37\n"
            "WORKDIR /srv\n"
            "COPY recipes.txt prepare.sh ./\n"
            "RUN sh prepare.sh\n"
            f"COPY {CODE} .\n"
            'CMD ["sh", "serve.sh"]""")\n'
            f"%docker build -t {FIRST} bakery\n"
            f'with open("bakery/{CODE}", "a") as code:\n'
            '    code.write("exit 0\\n")\n'
            f"%docker build -t {SECOND} bakery"
        ),
        check=check_bakery,
        hints=(
            "A step is done again when what goes into it has changed, and then all steps after it. "
            f"Which step does `{CODE}` go into, and what comes after that?",
            bakery_hint,
        ),
        names=(FIRST, SECOND),
        seconds=30,
    ),
    Exercise(
        number="03.2",
        title="Only what is needed",
        goal=(
            "The folder `press` makes an image of over 10 MB, `press-full`, for two small pages. "
            f"An image named `{LIGHT}` serves the same pages from `/www`, and is less than "
            f"{format_bytes(BOUND_BYTES)} larger than its base `busybox:1.37`."
        ),
        starter=f"# %docker build -t {LIGHT} press",
        solution=(
            "from pathlib import Path\n\n"
            'Path("press/Dockerfile").write_text("""\\\n'
            "FROM busybox:1.37 AS printed\n"
            "WORKDIR /press\n"
            "COPY . .\n"
            "RUN sh fetch-tool.sh && sh print.sh\n"
            "FROM busybox:1.37\n"
            "COPY --from=printed /www /www\n"
            'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n'
            '""")\n'
            f"%docker build -t {LIGHT} press"
        ),
        check=check_light,
        hints=(
            "The tool and the drafts are needed while the pages are printed, if at all. What does "
            "a stage leave behind, that nobody copies from?",
            "A first stage, `FROM busybox:1.37 AS printed`, does all that the Dockerfile does now. "
            "The last one only says `COPY --from=printed /www /www` and the `CMD`.",
        ),
        names=(LIGHT,),
        seconds=30,
    ),
)
