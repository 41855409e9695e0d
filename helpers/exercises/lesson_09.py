"""What lesson 09 asks: the least power, who holds the keys, a secret that is not told."""

from __future__ import annotations

from helpers.exercises.lesson_09_checks import (
    FIVE,
    LEAST,
    LEAST_PORT,
    check_keys,
    check_least,
)
from helpers.exercises.lesson_09_files import FOLDERS as FOLDERS
from helpers.exercises.lesson_09_questions import PREDICTIONS as PREDICTIONS
from helpers.exercises.lesson_09_questions import QUIZ as QUIZ
from helpers.exercises.lesson_09_signer import SECRET, SIGNER, SIGNER_USER, check_signer
from helpers.model.course.exercise import Exercise

_FORMAT = "'{{.Name}} {{.HostConfig.PidMode}} {{.HostConfig.Binds}}'"

EXERCISES = (
    Exercise(
        number="09.1",
        title="Least",
        goal=(
            f"`{LEAST}` serves the `shop` at http://127.0.0.1:{LEAST_PORT}/, for this machine "
            "alone, and keeps its items in the folder that `-e DATA=/data` names. It is not root, "
            "has no capability and gets none, cannot gain any by setuid, and all its files are "
            "read-only but for `/data` (and for `/dev/shm`, which does not count)."
        ),
        starter=f"# %docker run -d --name {LEAST} -e DATA=/data ... shop",
        solution=(
            f"%docker run -d --name {LEAST} -e DATA=/data -e PORT=8000 \\\n"
            f"    -p 127.0.0.1:{LEAST_PORT}:8000 \\\n"
            "    --user 65534 --cap-drop ALL --security-opt no-new-privileges \\\n"
            "    --read-only --tmpfs /data shop"
        ),
        check=check_least,
        hints=(
            "Five options of this lesson, one for each half of a sentence in the goal. Where it "
            f"ends by itself, `%docker logs {LEAST}` says what it misses.",
            "`--user 65534`, `--cap-drop ALL`, `--security-opt no-new-privileges`, `--read-only`, "
            f"`--tmpfs /data`; and `-p 127.0.0.1:{LEAST_PORT}:80`. (On Podman port 80 is root's: "
            f"`-e PORT=8000` and `-p 127.0.0.1:{LEAST_PORT}:8000`.)",
        ),
        names=(LEAST,),
        seconds=20,
    ),
    Exercise(
        number="09.2",
        title="Who holds the keys?",
        goal=(
            f"Of the five containers {', '.join(f'`{name}`' for name in FIVE)}, two can take over "
            "the machine. Remove these two, and leave the others running."
        ),
        starter=f"# %docker inspect ... {FIVE[0]}\n# %docker rm -f ...",
        solution=(
            f"five = {FIVE}\n"
            f"seen = %docker inspect --format {_FORMAT} {{five}}\n"
            'keys = [line for line in seen.splitlines() if " host " in line or ".sock:" in line]\n'
            'names = [line.split()[0].lstrip("/") for line in keys]\n'
            "%docker rm -f {names}"
        ),
        check=check_keys,
        hints=(
            "A name, a label or a host name gives nobody any power. What is mounted into each, and "
            f"whose processes does it see? `audit({', '.join(repr(n) for n in FIVE[:2])}, …)`.",
            "Look for the engine's socket among the mounts, and for `--pid host`: "
            f"`docker inspect --format {_FORMAT} {' '.join(FIVE)}`.",
        ),
        names=FIVE,
    ),
    Exercise(
        number="09.3",
        title="Signed, not told",
        goal=(
            f"`{SIGNER}` runs as user {SIGNER_USER} and reads the token of the folder `safe` at "
            f"`{SECRET}`. The token stands in no variable, label or command of it, in no layer of "
            "its image, and not in its writable layer."
        ),
        starter=(
            f"# %docker run -d --name {SIGNER} --user {SIGNER_USER} ... busybox:1.37 sleep 3600"
        ),
        solution=(
            f"%docker run -d --name {SIGNER} --user {SIGNER_USER} \\\n"
            f"    -v ./safe/token.txt:{SECRET}:ro busybox:1.37 sleep 3600"
        ),
        check=check_signer,
        hints=(
            "Of the ways in which a container gets a text, one leaves it where it is: on the "
            "machine, in a file that is mounted.",
            f"`-v ./safe/token.txt:{SECRET}:ro`: outside first, `ro` for read-only. A file of mode "
            "0600 is for its owner alone.",
        ),
        names=(SIGNER,),
    ),
)
