"""The cases of lesson 12: an update under load, a node in maintenance, a label for a disk.

Three nodes and their registry are made once for all attempts at an exercise. Where a way is wrong
by nothing but what a manager tells, it is in tests/unit/exercises/test_lesson_12.py.
"""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

MANAGER = "%docker -c node-1"
NODES = f"""\
from contextlib import suppress

from helpers import nodes
from helpers.errors import CommandFailed

nodes(3)
with suppress(CommandFailed):
    {MANAGER} swarm init --advertise-addr eth0
    token = {MANAGER} swarm join-token -q worker
    %docker -c node-2 swarm join --token {{token}} node-1:2377
    %docker -c node-3 swarm join --token {{token}} node-1:2377
with suppress(CommandFailed):
    %docker run -d --name registry --network nodes -p 127.0.0.1:4120:5000 registry:3
"""


PLAIN = "127.0.0.1:4120/shop:1"
IDLE = (
    "%docker create --name plain busybox:1.37\n"
    f"%docker commit --change 'CMD sleep 3600' plain {PLAIN}\n"
    "%docker rm plain\n"
    f"%docker push -q {PLAIN}\n"
)
TASKS = (
    f"{MANAGER} service create -q --name web --replicas 2 --stop-grace-period 0s "
    "registry:5000/shop:1\n"
)
NO_TASKS = f"""
with suppress(CommandFailed):
    {MANAGER} service rm web
with suppress(CommandFailed):
    {MANAGER} service rm cache
for node in ("node-2", "node-3"):
    {MANAGER} node update --availability active {{node}}
    with suppress(CommandFailed):
        {MANAGER} node update --label-rm disk {{node}}
"""
AGAIN = "from contextlib import suppress\nfrom helpers.errors import CommandFailed\n" + NO_TASKS
IDLE_NODES = NODES + IDLE + NO_TASKS
DRAIN = f"{MANAGER} node update --availability drain node-2\n"

MAINTENANCE = ExerciseCases(
    "12.2",
    prepare=IDLE_NODES + TASKS,
    leaves=(PLAIN,),
    keeps=True,
    wrong=(
        Attempt(
            "paused",
            AGAIN + TASKS + f"{MANAGER} node update --availability pause node-2",
            says="at `pause`",
        ),
        Attempt(
            "nothing to move",
            AGAIN + TASKS + f"{MANAGER} service update -q --replicas 1 web\n" + DRAIN,
            says="nobody to be moved",
        ),
    ),
    unusual=(
        Attempt(
            "typed in the node itself",
            AGAIN + TASKS + "%docker exec node-1 docker node update --availability drain node-2",
        ),
    ),
)

LABEL = f"{MANAGER} node update --label-add disk=ssd node-3\n"


def cache(options: str) -> str:
    return (
        f"{MANAGER} service create -q -d --name cache --replicas 2 --stop-grace-period 0s "
        f"{options} registry:5000/shop:1\n"
    )


WHERE = ExerciseCases(
    "12.3",
    prepare=IDLE_NODES,
    leaves=(PLAIN,),
    keeps=True,
    wrong=(
        Attempt(
            "no label",
            AGAIN + cache("--constraint node.labels.disk==ssd"),
            says="no node has the label",
        ),
        Attempt(
            "by the node's name",
            AGAIN + LABEL + cache("--constraint node.hostname==node-3"),
            says="by its name",
        ),
        Attempt("anywhere", AGAIN + LABEL + cache(""), says="where there was room"),
    ),
    unusual=(
        Attempt(
            "moved there afterwards",
            AGAIN
            + cache("")
            + LABEL
            + f"{MANAGER} service update -q --constraint-add 'node.labels.disk == ssd' cache",
        ),
    ),
)

DOOR = (
    "from helpers import requests, workfolder\n"
    "%docker build -q -t 127.0.0.1:4120/shop:1 -f ./sample_app/shop/Dockerfile ./sample_app\n"
    "%docker push -q 127.0.0.1:4120/shop:1\n"
    'door = workfolder("door").path\n'
    '(door / "haproxy.cfg").write_text("""\n'
    "resolvers docker\n"
    "    nameserver engine 127.0.0.11:53\n"
    "    hold valid 500ms\n"
    "    timeout resolve 500ms\n"
    "defaults\n"
    "    mode http\n"
    "    log stdout format raw local0\n"
    "    option httplog\n"
    "    timeout connect 1s\n"
    "    timeout client 10s\n"
    "    timeout server 10s\n"
    "    retries 0\n"
    "frontend door\n"
    "    bind :8080\n"
    "    default_backend web\n"
    "backend web\n"
    "    server-template web 12 tasks.web:8000 resolvers docker init-addr none\n"
    '""")\n'
    "%docker build -q -t 127.0.0.1:4120/door:1 door\n"
    "%docker push -q 127.0.0.1:4120/door:1\n"
    'workfolder("kiosk")\n'
)
NO_STACK = f"""
with suppress(CommandFailed):
    {MANAGER} stack rm kiosk
left = "kiosk_default"
while left.strip():
    left = {MANAGER} network ls --quiet --filter name=kiosk_default
"""
FRESH = (
    "from contextlib import suppress\n"
    "from helpers import requests\n"
    "from helpers.errors import CommandFailed\n" + NO_STACK
)
DEPLOY = f"{MANAGER} stack deploy -d=false -q -c kiosk/stack.yaml kiosk\n"
LOAD = 'load = requests("http://127.0.0.1:4123/", per_second=20)\n'
SECOND = f"{MANAGER} service update -q --env-add VERSION=2 kiosk_web\n"
FILE = 'from pathlib import Path\nfile = Path("kiosk/stack.yaml")\n'
MENDED = (
    FILE + "CHECK = '''    healthcheck:\n"
    "      test: python -c 'from urllib.request import urlopen; urlopen(\"http://127.0.0.1:8000/readyz\")'\n"
    "      interval: 1s\n"
    "    deploy:\n"
    "      update_config: {order: start-first}\n'''\n"
    'DRAIN = \'VERSION: "1"\\n      DRAIN_SECONDS: "3"\'\n'
    "text = file.read_text().replace('VERSION: \"1\"', DRAIN)\n"
    'text = text.replace("replicas: 2", "replicas: 1")\n'
    'file.write_text(text.replace("    deploy:\\n", CHECK, 1))\n'
)
IN_THE_FILE = "file.write_text(file.read_text().replace('VERSION: \"1\"', 'VERSION: \"2\"'))\n"

UNHARMED = ExerciseCases(
    "12.1",
    prepare=NODES + DOOR + NO_STACK,
    leaves=(PLAIN, "127.0.0.1:4120/door:1"),
    keeps=True,
    wrong=(
        Attempt(
            "the file as it is",
            FRESH + DEPLOY + LOAD + SECOND + "load.stop()",
            says="failed, the first one .*|when it runs, or when it is ready",
        ),
        Attempt(
            "nothing to update",
            FRESH + FILE + IN_THE_FILE + DEPLOY,
            says="began with 2",
        ),
    ),
    unusual=(
        Attempt(
            "all in the file", FRESH + MENDED + DEPLOY + LOAD + IN_THE_FILE + DEPLOY + "load.stop()"
        ),
    ),
)

CASES = (UNHARMED, MAINTENANCE, WHERE)
