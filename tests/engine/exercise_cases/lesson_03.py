"""The cases of lesson 03: a rebuild of one step, and a small image."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases
from tests.engine.folder_cells import built, cell, dockerfile, folder_made

CHANGE = "with open('bakery/serve.sh', 'a') as code: code.write('exit 0\\n')"
FIRST, SECOND = built("bakery", "bakery:1"), built("bakery", "bakery:2")
GOOD = dockerfile(
    "bakery",
    "WORKDIR /srv",
    "COPY recipes.txt prepare.sh ./",
    "RUN sh prepare.sh",
    "COPY serve.sh .",
)
BOTH = cell(FIRST, CHANGE, SECOND)

LIGHT = built("press", "press-light")
ALL_IN_ONE = (
    "WORKDIR /press",
    "COPY . .",
    "RUN sh fetch-tool.sh && sh print.sh && rm -r /tool",
)
SERVE = 'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]'
STAGE = (
    "WORKDIR /press",
    "COPY . .",
    "RUN sh fetch-tool.sh && sh print.sh",
    "FROM busybox:1.37",
)


CASES = (
    ExerciseCases(
        "03.1",
        prepare=folder_made("bakery"),
        wrong=(
            Attempt("one build", FIRST, says="There is `bakery:1` alone"),
            Attempt("as it was given", BOTH, says="was made anew.*prepare.sh"),
            Attempt("no change between", cell(GOOD, FIRST, SECOND), says="is the same in both"),
            Attempt(
                "a late step that follows the code",
                cell(
                    dockerfile(
                        "bakery",
                        "WORKDIR /srv",
                        "COPY recipes.txt prepare.sh ./",
                        "RUN sh prepare.sh",
                        "COPY serve.sh .",
                        # Never the same twice: a layer remade alike within a second is the old one.
                        "RUN cat /proc/sys/kernel/random/uuid > stamp",
                    ),
                    BOTH,
                ),
                says="2 layers of `bakery:2` are new",
            ),
            Attempt(
                "without the catalogue",
                cell(dockerfile("bakery", "WORKDIR /srv", "COPY serve.sh ."), BOTH),
                says="`catalogue.txt` is missing",
            ),
        ),
        unusual=(
            Attempt(
                "a stage of its own",
                cell(
                    dockerfile(
                        "bakery",
                        "WORKDIR /made",
                        "COPY recipes.txt prepare.sh ./",
                        "RUN sh prepare.sh",
                        "FROM busybox:1.37",
                        "COPY --from=0 /made/catalogue.txt /srv/",
                        "COPY serve.sh /srv/",
                    ),
                    BOTH,
                ),
            ),
            Attempt(
                "in a terminal",
                cell(
                    GOOD,
                    "!docker build -q -t bakery:1 bakery",
                    CHANGE,
                    "!docker build -q -t bakery:2 bakery",
                ),
            ),
        ),
    ),
    ExerciseCases(
        "03.2",
        prepare=folder_made("press"),
        wrong=(
            Attempt("as it was given", LIGHT, says="of it hidden"),
            Attempt(
                "the tool removed at once, the drafts not",
                cell(dockerfile("press", *ALL_IN_ONE, SERVE), LIGHT),
                says="the drafts are in it",
            ),
            Attempt(
                "the tool copied along",
                cell(
                    dockerfile(
                        "press",
                        *STAGE,
                        "COPY --from=0 /www /www",
                        "COPY --from=0 /tool /tool",
                        SERVE,
                    ),
                    LIGHT,
                ),
                says="largest file is `/tool/press`",
            ),
            Attempt(
                "no server",
                cell(dockerfile("press", *STAGE, "COPY --from=0 /www /www"), LIGHT),
                says="serves no pages",
            ),
            Attempt(
                "no pages",
                cell(dockerfile("press", SERVE), LIGHT),
                says="is missing",
            ),
        ),
        unusual=(
            Attempt(
                "served from the working directory",
                cell(
                    dockerfile(
                        "press",
                        *STAGE,
                        "COPY --from=0 /www /www",
                        "WORKDIR /www",
                        'CMD ["httpd", "-f", "-p", "80"]',
                    ),
                    LIGHT,
                ),
            ),
            Attempt(
                "one stage, a .dockerignore, and all in one instruction",
                cell(
                    dockerfile("press", *ALL_IN_ONE, SERVE),
                    "Path('press/.dockerignore').write_text('drafts\\n')",
                    LIGHT,
                ),
            ),
            Attempt(
                "printed by hand",
                cell(
                    "%docker build -t wbex-press press",
                    "!docker run --name wbex-print wbex-press true",
                    "!docker cp wbex-print:/www wbex-www",
                    "!docker create --name wbex-new busybox:1.37",
                    "!docker cp wbex-www wbex-new:/www",
                    f"!docker commit --change '{SERVE}' wbex-new press-light",
                ),
            ),
        ),
        leaves=("wbex-press", "wbex-print", "wbex-new"),
    ),
)
