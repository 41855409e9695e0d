"""The guesses and questions of lesson 13."""

from __future__ import annotations

from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import Choice, QuizQuestion

PREDICTIONS = (
    Prediction(
        key="13.a",
        question=(
            "Only etcd and the API server run. A Deployment of three pods is applied. What is "
            "there some seconds later?"
        ),
        choices=(
            "nothing: the command fails",
            "the Deployment alone",
            "three pods that wait for a machine",
            "three pods that run",
        ),
        explanation=(
            "The API server checks an order and writes it down in etcd, and that is all it does. "
            "Pods are made by others, who read it there."
        ),
    ),
    Prediction(
        key="13.b",
        question="All three pods are deleted at once. What is there ten seconds later?",
        choices=(
            "nothing",
            "three pods of the same names",
            "three pods of other names",
            "one pod, and more as load comes",
        ),
        explanation=(
            "The ReplicaSet still wishes three, and its controller counts. What it makes are new "
            "pods, with names and addresses of their own."
        ),
    ),
    Prediction(
        key="13.c",
        question=(
            "A rolling update starts one new pod before it ends an old one. Twenty requests a "
            "second come. How many fail?"
        ),
        choices=("none", "some", "all"),
        explanation=(
            "Without a probe a pod counts as ready as soon as its process runs, and this one needs "
            "two seconds until it listens. The old ones go too early."
        ),
    ),
    Prediction(
        key="13.d",
        question=(
            "With a readiness probe, no pod fewer than ordered, and three seconds to leave: how "
            "many of the requests fail now?"
        ),
        unit="requests",
        explanation=(
            "A new pod gets requests once its probe was answered, and an old one still answers "
            "while its address is taken out of the rules."
        ),
    ),
    Prediction(
        key="13.e",
        question="Version 4 never becomes ready. What does the cluster do with the update?",
        choices=(
            "it takes it back by itself",
            "it stops, waits, and the old pods answer",
            "it goes on, until nobody answers",
            "it deletes the Deployment",
        ),
        explanation=(
            "The first new pod is never ready, so no old one may go. There it stays, until "
            "somebody says that it is to go back. A swarm with `--update-failure-action "
            "rollback` does it by itself."
        ),
    ),
    Prediction(
        key="13.f",
        question=(
            "The file says three pods. By hand somebody scales to one. The file is applied again, "
            "unchanged. How many pods are there then?"
        ),
        unit="pods",
        explanation=(
            "`apply` compares the file with what is there, not only with the file as it was the "
            "last time. What the file says is set again."
        ),
    ),
)

QUIZ = (
    QuizQuestion(
        key="13.q1",
        question="You applied a Deployment, and now there is a pod. Who made the pod's object?",
        choices=(
            Choice(
                "kubectl",
                "It sent one object, the Deployment, to the API server, and ended.",
            ),
            Choice(
                "A controller, in kube-controller-manager",
                "Yes. The Deployment's controller made a ReplicaSet, and that one's made the pod.",
                right=True,
            ),
            Choice(
                "The scheduler",
                "It writes a node's name into a pod that is there already.",
            ),
            Choice(
                "The kubelet",
                "It starts containers for a pod that has its node's name.",
            ),
        ),
    ),
    QuizQuestion(
        key="13.q2",
        question="Is what you put into a Secret encrypted?",
        choices=(
            Choice(
                "Yes: nobody can read it in `get secret -o yaml`",
                "That is base64, a way to write bytes. Anybody can turn it round.",
            ),
            Choice(
                "No, unless somebody has set up encryption for etcd; who may read it is a matter "
                "of rights",
                "Yes. It is kept apart from the Deployment, so that rights can differ.",
                right=True,
            ),
            Choice(
                "Only while it is in the pod",
                "There it is a variable or a file, as it is.",
            ),
        ),
    ),
    QuizQuestion(
        key="13.q3",
        question="A readiness probe fails ten times in a row. What is started anew?",
        choices=(
            Choice("The container", "That is what a failing liveness probe does."),
            Choice("The pod", "A pod is never started anew: another one is made, or none."),
            Choice(
                "Nothing: the pod gets no requests until the probe is answered again",
                "Yes. Who waits for a database is not to be killed for it.",
                right=True,
            ),
        ),
    ),
)
