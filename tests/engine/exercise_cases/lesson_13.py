"""The cases of lesson 13: a probe for readiness, a rollout taken back, a stack said in YAML.

One cluster is made for all attempts at an exercise. Where a way is wrong by nothing but what the
API server tells, it is in tests/unit/exercises/test_lesson_13.py.
"""

from __future__ import annotations

import re

from helpers.exercises.lesson_13 import EXERCISES
from helpers.exercises.lesson_13_files import FOLDERS
from tests.engine.exercise_cases import Attempt, ExerciseCases

IMAGE = "shop:1"
SOLUTIONS = {exercise.number: exercise.solution for exercise in EXERCISES}
CLUSTER = f"""\
from helpers import kubernetes

cluster = kubernetes()
cluster.start()
images = %docker exec kubernetes docker images
if "shop" not in images:
    %docker build -q -t {IMAGE} -f ./sample_app/shop/Dockerfile ./sample_app
    cluster.load("{IMAGE}")
"""


def nothing(name: str) -> str:
    """Whatever the attempt before has left is gone."""
    return (
        f"%kubectl delete deployment,service,configmap,secret {name} --ignore-not-found\n"
        f"%kubectl delete replicasets,pods -l app={name} --force --grace-period=0\n"
    )


def applied(name: str, file: str, **added: str) -> str:
    """The lesson's file of that folder, applied, with these lines above those that begin so."""
    text = FOLDERS[name][file]
    for before, line in added.items():
        text = re.sub(rf"^ *{before}:", rf"{line}\n\g<0>", text, count=1, flags=re.MULTILINE)
    return (
        f"from pathlib import Path\nPath({file!r}).write_text({text!r})\n%kubectl apply -f {file}\n"
    )


def until(command: str, word: str) -> str:
    """Waits until what that command prints has the word."""
    return f'told = ""\nwhile {word!r} not in told:\n    told = {command}\n'


LIVELY = "          livenessProbe: {tcpSocket: {port: 8000}, periodSeconds: 1}"
AT_ONCE = "      terminationGracePeriodSeconds: 1"
SLOWLY = f"{LIVELY.replace('liveness', 'startup')[:-1]}, failureThreshold: 30}}"
RESTARTS = "{.items[*].status.containerStatuses[0].restartCount}"
COUNT = f"%kubectl get pods -l app=booth -o jsonpath={RESTARTS}"
READY = ExerciseCases(
    "13.1",
    prepare=CLUSTER + nothing("booth"),
    leaves=(IMAGE,),
    keeps=True,
    wrong=(
        Attempt(
            "as it was given",
            nothing("booth")
            + applied("booth", "booth.yaml")
            + "%kubectl rollout status deployment/booth",
            says="when does it count as ready",
        ),
        Attempt(
            "the other probe",
            nothing("booth")
            + applied("booth", "booth.yaml", command=LIVELY, containers=AT_ONCE)
            + until(COUNT, "1"),
            says="was restarted",
        ),
    ),
    unusual=(
        Attempt(
            "a probe for the start alone",
            nothing("booth") + applied("booth", "booth.yaml", command=SLOWLY),
        ),
    ),
)

NEWS = applied("news", "news.yaml")
STUCK = "%kubectl set image deployment/news news=shop:2\n" + until(
    "%kubectl get pods -l app=news", "ImagePull"
)
UNDO = ExerciseCases(
    "13.2",
    prepare=CLUSTER + nothing("news"),
    leaves=(IMAGE,),
    keeps=True,
    wrong=(
        Attempt(
            "deleted, and made again",
            nothing("news") + NEWS + STUCK + "%kubectl delete deployment news\n" + NEWS,
            says="the one before was deleted",
        ),
        Attempt(
            "another image",
            nothing("news") + NEWS + STUCK + "%kubectl set image deployment/news news=shop:0",
            says="the image shop:0",
        ),
    ),
    unusual=(Attempt("the file again", nothing("news") + NEWS + STUCK + NEWS),),
)

YAML = ExerciseCases(
    "13.3",
    prepare=CLUSTER + nothing("deli"),
    leaves=(IMAGE,),
    keeps=True,
    wrong=(
        Attempt(
            "labels that differ",
            SOLUTIONS["13.3"].replace("selector: {app: deli}", "selector: {app: coffee}"),
            says="no endpoints",
        ),
        Attempt(
            "base64 that is none",
            SOLUTIONS["13.3"].replace("stringData:", "data:"),
            says="other bytes",
        ),
    ),
    unusual=(
        Attempt(
            "by commands",
            nothing("deli")
            + "%kubectl create deployment deli --image=shop:1 --replicas=2\n"
            + "%kubectl set resources deployment deli --requests=cpu=0.1,memory=64Mi\n"
            + "%kubectl create configmap deli --from-literal=NAME=Deli\n"
            + "%kubectl create secret generic deli --from-literal=password=cinnamon\n"
            + "%kubectl set env deployment/deli --from=configmap/deli\n"
            + "%kubectl set env deployment/deli --from=secret/deli\n"
            + "%kubectl create service clusterip deli --tcp=80:8000\n"
            + "%kubectl rollout status deployment/deli",
        ),
    ),
)

CASES = (READY, UNDO, YAML)
