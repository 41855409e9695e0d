"""What lesson 12 asks: an update that nobody notices, a node in maintenance, a task at its disk."""

from __future__ import annotations

from helpers.exercises.lesson_12_files import FOLDERS as FOLDERS
from helpers.exercises.lesson_12_nodes import (
    CACHE,
    DISK,
    DRAINED,
    FEWEST_TASKS,
    KIND,
    LABEL,
    check_disk,
    check_maintenance,
)
from helpers.exercises.lesson_12_questions import PREDICTIONS as PREDICTIONS
from helpers.exercises.lesson_12_questions import QUIZ as QUIZ
from helpers.exercises.lesson_12_unharmed import GATE, NEW, OLD, URL, WEB, check_unharmed
from helpers.model.course.exercise import Exercise

_DEPLOY = "%docker -c node-1 stack deploy -d=false -q -c kiosk/stack.yaml kiosk"
EXERCISES = (
    Exercise(
        number="12.1",
        title="Unharmed",
        goal=(
            f"The stack of the folder `kiosk` is a small shop of its own, with its door at {URL}. "
            f"Deploy it under the name `kiosk`, with version {OLD}. Then bring version {NEW}, by "
            f"the file or by `service update`, while somebody sends twenty requests a second: not "
            "one of them fails."
        ),
        starter=(
            "# %%writefile kiosk/stack.yaml\n# ...\n"
            f"# {_DEPLOY}\n"
            f'# load = requests("{URL}", per_second=20)\n'
            f"# %docker -c node-1 service update ... {WEB}\n"
            "# load.stop()"
        ),
        solution=(
            "from helpers import requests, workfolder\n\n"
            'workfolder("kiosk")\n'
            "ASK = \"from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz')\"\n"
            'HEALTH = ["--health-cmd", f\'python -c "{ASK}"\', "--health-interval", "1s"]\n'
            'SOFTLY = ["--update-order", "start-first", "--env-add", "DRAIN_SECONDS=3"]\n'
            f"{_DEPLOY}\n"
            f"%docker -c node-1 service update -q {{HEALTH}} {{SOFTLY}} {WEB}\n"
            f'load = requests("{URL}", per_second=20)\n'
            f"%docker -c node-1 service update -q --env-add VERSION={NEW} {WEB}\n"
            "load.stop()"
        ),
        check=check_unharmed,
        hints=(
            "The same three things as in the lesson: from when on a task gets requests, which of "
            "two tasks goes first, and how long one that was asked to stop still answers. In the "
            "file they are `healthcheck`, `update_config` below `deploy`, and a variable.",
            f"`--health-cmd` with `/readyz`, `--update-order start-first` and `--env-add "
            f"DRAIN_SECONDS=3` in one `service update` that leaves VERSION at {OLD}; then "
            f"`requests`, and `--env-add VERSION={NEW}` in another. `{GATE}` logs each request.",
        ),
        seconds=20,
    ),
    Exercise(
        number="12.2",
        title="Maintenance",
        goal=(
            f"`{DRAINED}` gets a new disk, and will be away for an hour. Take all tasks from it, "
            "so that no service has fewer than before, and leave it in the swarm, ready to come "
            "back."
        ),
        starter=f"# %docker -c node-1 node ... {DRAINED}",
        solution=f"%docker -c node-1 node update --availability drain {DRAINED}",
        check=check_maintenance,
        hints=(
            "A node is active, paused or drained: its *availability*, which a manager changes.",
            f"`node update --availability drain {DRAINED}`, and some seconds for what must move.",
        ),
        seconds=20,
    ),
    Exercise(
        number="12.3",
        title="Where the disk is",
        goal=(
            f"`{DISK}` has a fast disk. Say so in a label of the node, {LABEL}={KIND}, and let a "
            f"service `{CACHE}` of {FEWEST_TASKS} tasks run only where that label is."
        ),
        starter=(
            "# %docker -c node-1 node update ...\n"
            f"# %docker -c node-1 service create --name {CACHE} ... registry:5000/shop:1"
        ),
        solution=(
            f"%docker -c node-1 node update --label-add {LABEL}={KIND} {DISK}\n"
            f"%docker -c node-1 service create -q --name {CACHE} --replicas {FEWEST_TASKS} \\\n"
            f"    --constraint node.labels.{LABEL}=={KIND} registry:5000/shop:1"
        ),
        check=check_disk,
        hints=(
            "Two commands: one gives the node a label, one makes a service with a *constraint*.",
            f"`node update --label-add {LABEL}={KIND} {DISK}`; `service create --replicas "
            f"{FEWEST_TASKS} --constraint node.labels.{LABEL}=={KIND}`.",
        ),
        seconds=20,
    ),
)
