"""The cases of lesson 01: who brought a file, bytes won back, bytes counted once."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases


def build(name: str, *lines: str) -> str:
    """A cell that builds `FROM busybox:1.37` and these lines."""
    return "\n".join([f"%%docker build -q -t {name} -", "FROM busybox:1.37", *lines])


def then(*cells: str) -> str:
    """One cell that does what those cells with a magic on top do, one after the other."""
    return "\n".join(f"get_ipython().run_cell({cell!r}).raise_error()" for cell in cells)


STATE = "RUN mkdir -p /srv/shop && echo open > /srv/shop/state"
SERVER = "RUN head -c 300000 /dev/zero > /srv/shop/server; chmod 700 /srv/shop/server"
LOOP = "RUN cd /var && for n in index cache; do head -c 1500000 /dev/zero > $n.bin; done"
MOTD = ("ENV SHOP=open", "RUN echo $SHOP > /etc/motd")
PARCEL = build("parcel", STATE, SERVER, LOOP, *MOTD)

RAW = "RUN mkdir /report && head -c 6000000 /dev/zero > /report/raw.dat"
TABLE = "RUN head -c 2000000 /report/raw.dat > /report/table.dat"
SUMMARY = 'RUN echo "Sales went up by 4 %." > /report/summary.txt'
FAT = build(
    "fat-report",
    RAW,
    TABLE,
    "RUN rm /report/raw.dat",
    'RUN echo "Sales went up." > /report/summary.txt',
    "RUN chmod 640 /report/table.dat",
    SUMMARY,
)
ONE_TABLE = "RUN mkdir /report && head -c 2000000 /dev/zero > /report/table.dat"

LABELLED = "!echo FROM busybox:1.37 | docker build -q -t answer --label shared-bytes={size} -"
SIZES = "sum(layer.size_bytes for layer in engine.image('{name}').layers)"

CASES = (
    ExerciseCases(
        "01.1",
        prepare=PARCEL,
        wrong=(
            Attempt("the same again", "%docker tag parcel parcel-light", says="is still in"),
            Attempt(
                "deleted instead",
                build("parcel-light", STATE, SERVER, LOOP, *MOTD, "RUN rm /var/*.bin"),
                says="cannot be seen any more, and 3 MB",
            ),
            Attempt(
                "one file of the two",
                build("parcel-light", STATE, SERVER, LOOP.replace("index cache", "index"), *MOTD),
                says="which came with it",
            ),
            Attempt(
                "another instruction",
                build("parcel-light", STATE, *MOTD),
                says="server` is missing",
            ),
        ),
        unusual=(
            Attempt(
                "copied out of the given image",
                build(
                    "parcel-light",
                    "COPY --from=parcel /srv /srv",
                    "COPY --from=parcel /etc/motd /etc/motd",
                ),
            ),
            Attempt(
                "a container changed by hand, and exported",
                "!docker run --name wbex-light parcel rm /var/index.bin /var/cache.bin\n"
                "!docker export wbex-light | docker import - parcel-light",
            ),
        ),
        leaves=("parcel", "wbex-light"),
        keeps=True,
    ),
    ExerciseCases(
        "01.2",
        prepare=FAT,
        wrong=(
            Attempt("the same again", "%docker tag fat-report slim-report", says="raw.dat"),
            Attempt(
                "mode set by a step of its own",
                build("slim-report", ONE_TABLE, SUMMARY, "RUN chmod 640 /report/table.dat"),
                says="wastes 2 MB.*metadata",
            ),
            Attempt("mode left out", build("slim-report", ONE_TABLE, SUMMARY), says="has mode 644"),
            Attempt(
                "raw data kept",
                build("slim-report", RAW, f"{TABLE}; chmod 640 /report/table.dat", SUMMARY),
                says="raw.dat` is in",
            ),
            Attempt(
                "no summary",
                build("slim-report", f"{ONE_TABLE}; chmod 640 /report/table.dat"),
                says="summary.txt` is missing",
            ),
        ),
        unusual=(
            Attempt(
                "copied out of the given image",
                build("slim-report", "COPY --from=fat-report /report /report"),
            ),
            Attempt(
                "flattened",
                "!docker create --name wbex-fat fat-report\n"
                "!docker export wbex-fat | docker import - slim-report",
            ),
        ),
        leaves=("fat-report", "wbex-fat"),
        keeps=True,
    ),
    ExerciseCases(
        "01.3",
        prepare=then(PARCEL, FAT),
        wrong=(
            Attempt("no label", build("answer", "LABEL bytes=1"), says="has no label"),
            Attempt("in words", build("answer", "LABEL shared-bytes='2 MB'"), says="says `2 MB`"),
            Attempt(
                "all of one",
                f"size = {SIZES.format(name='parcel')}\n{LABELLED}",
                says="is all of `parcel`",
            ),
            Attempt("too few", build("answer", "LABEL shared-bytes=17"), says="too few"),
            Attempt(
                "an image went away",
                "%docker rmi parcel\n" + LABELLED.format(size=17),
                says="`parcel` is not on the engine any more",
            ),
        ),
        unusual=(
            Attempt(
                "the engine's own figure of the base, on an image made from a container",
                "size = engine.image('busybox:1.37').size_bytes\n"
                "%docker create --name wbex-answer busybox:1.37\n"
                "!docker commit --change 'LABEL shared-bytes={size}' wbex-answer answer",
            ),
        ),
        leaves=("parcel", "fat-report", "wbex-answer"),
        keeps=True,
    ),
)
