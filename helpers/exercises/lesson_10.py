"""What lesson 10 asks: a diary that survives, a desk between street and vault, a restore."""

from __future__ import annotations

from helpers.exercises.lesson_10_checks import (
    CLERK,
    CLERK_USER,
    DATA,
    DIARY,
    KEEPER,
    NEW,
    OLD,
    ORDERS,
    PAGE,
    READER,
    check_diary,
    check_restored,
)
from helpers.exercises.lesson_10_files import FOLDERS as FOLDERS
from helpers.exercises.lesson_10_networks import DESK, INSIDE, STREET, VAULT, check_desk
from helpers.exercises.lesson_10_questions import PREDICTIONS as PREDICTIONS
from helpers.exercises.lesson_10_questions import QUIZ as QUIZ
from helpers.model.course.exercise import Exercise

BUSYBOX = "busybox:1.37"
OUTER, INNER = "outer", "inner"
_SERVE = f"{BUSYBOX} httpd -f -p {INSIDE}"

EXERCISES = (
    Exercise(
        number="10.1",
        title="The diary survives",
        goal=(
            f"`{READER}`, which is not root, has the volume `{DIARY}` at `{DATA}`. It finds there "
            f"a file `{PAGE}`, which its own user has written, in a container that was there "
            f"before `{READER}`."
        ),
        starter=f"# %docker run --rm ... notes sh -c 'echo ... > {DATA}/{PAGE}'\n"
        f"# %docker run -d --name {READER} ... notes sleep 3600",
        solution=(
            f"%docker run --rm -v {DIARY}:{DATA} notes sh -c 'echo it rained > {DATA}/{PAGE}'\n"
            f"%docker run -d --name {READER} -v {DIARY}:{DATA} notes sleep 3600"
        ),
        check=check_diary,
        hints=(
            f"Two containers, one after the other, with the same `-v`. The image `notes` has a "
            f"folder `{DATA}` that belongs to its user: what does a new volume get from it?",
            f"`-v {DIARY}:{DATA}` for both, and the image `notes`: the first writes "
            f"`{DATA}/{PAGE}` and ends, the second is `{READER}`.",
        ),
        names=(READER, DIARY),
        seconds=15,
    ),
    Exercise(
        number="10.2",
        title="Only the desk",
        goal=(
            f"Three containers. On port {INSIDE}, `{DESK}` and `{VAULT}` serve anything. "
            f"`{STREET}` reaches `{DESK}`, and `{DESK}` reaches `{VAULT}`, by their names. "
            f"`{STREET}` reaches `{VAULT}` in no way, and nobody else does, either."
        ),
        starter=(
            "# %docker network create ...\n"
            f"# %docker run -d --name {VAULT} --network ... {_SERVE}\n"
            f"# %docker run -d --name {DESK} --network ... {_SERVE}\n"
            f"# %docker run -d --name {STREET} --network ... {BUSYBOX} sleep 3600"
        ),
        solution=(
            f"%docker network create {OUTER}\n"
            f"%docker network create {INNER}\n"
            f"%docker run -d --name {VAULT} --network {INNER} {_SERVE}\n"
            f"%docker run -d --name {DESK} --network {OUTER} {_SERVE}\n"
            f"%docker network connect {INNER} {DESK}\n"
            f"%docker run -d --name {STREET} --network {OUTER} {BUSYBOX} sleep 3600"
        ),
        check=check_desk,
        hints=(
            "Who is in the same network reaches each other; who is in two reaches both, and lets "
            "nobody through. How many networks, and who is in which?",
            f"Two: `{STREET}` and `{DESK}` in one, `{DESK}` and `{VAULT}` in the other. "
            f"`%docker network connect NETWORK {DESK}` adds the second one.",
        ),
        names=(STREET, DESK, VAULT, OUTER, INNER),
        seconds=30,
    ),
    Exercise(
        number="10.3",
        title="Restore",
        goal=(
            f"In the volume `attic` lies `orders.tar`, which was made of the volume `{OLD}`. Bring "
            f"it back into a new volume, `{NEW}`: the same files with the same owners and modes, "
            f"at `{ORDERS}` of a container `{CLERK}`, which runs as user {CLERK_USER}. `{OLD}` and "
            f"`{KEEPER}` stay as they are."
        ),
        starter=(
            f"# %docker run --rm -v {NEW}:... -v attic:/attic:ro {BUSYBOX} tar ...\n"
            f"# %docker run -d --name {CLERK} ... {BUSYBOX} sleep 3600"
        ),
        solution=(
            f"%docker run --rm -v {NEW}:{ORDERS} -v attic:/attic:ro {BUSYBOX} "
            "tar x -f /attic/orders.tar -C /\n"
            f"%docker run -d --name {CLERK} --user {CLERK_USER} -v {NEW}:{ORDERS} "
            f"{BUSYBOX} sleep 3600"
        ),
        check=check_restored,
        hints=(
            "`tar t -v -f` lists an archive: look with which folder its names begin. `-C` says "
            "where they are unpacked, and only root may give a file to somebody else.",
            f"The names begin with `orders/`: with `{NEW}` mounted at `{ORDERS}`, "
            "`tar x -f /attic/orders.tar -C /` puts each file where it was.",
        ),
        names=(CLERK, NEW),
        seconds=15,
    ),
)
