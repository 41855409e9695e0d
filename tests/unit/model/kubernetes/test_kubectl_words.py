"""What is read from a kubectl command, and from what it says when it fails."""

from __future__ import annotations

import shlex

import pytest

from helpers.model.kubernetes.kubectl_words import (
    is_endless,
    kubectl_outcome,
    kubectl_step,
    local_files,
    verb_of,
)


@pytest.mark.parametrize(
    "line",
    [
        "get pods -w",
        "get pods --watch",
        "-n shop get pods --watch-only=true",
        "port-forward svc/web 8080:80",
        "proxy",
        "edit deployment web",
        "attach web",
        "logs -f deploy/web",
        "logs deploy/web --follow",
        "exec -it web -- sh",
        "exec web -i -t -- sh",
        "run box --stdin --tty --image=busybox:1.37",
    ],
)
def test_what_never_ends_by_itself(line: str) -> None:
    assert is_endless(shlex.split(line))


@pytest.mark.parametrize(
    "line",
    [
        "get pods",
        "get pods --watch=false",
        "apply -f shop.yaml",
        "rollout status deploy/web -w",
        "rollout status deploy/web --watch",
        "logs deploy/web --tail=5",
        "exec web -- tail -f -i -w /log",
        "exec deploy/web -- ls -t",
        "run box --image=busybox:1.37 -- sleep 9",
        "wait --for=condition=Ready pod/web",
        "",
    ],
)
def test_what_ends(line: str) -> None:
    assert not is_endless(shlex.split(line))


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("apply -f shop.yaml", ["shop.yaml"]),
        ("apply --filename=shop.yaml -f more/", ["shop.yaml", "more/"]),
        ("-n shop diff -fshop.yaml", ["shop.yaml"]),
        ("apply -k overlays/live", ["overlays/live"]),
        ("create configmap c --from-file=app.conf --from-file=x=y.conf", ["app.conf", "y.conf"]),
        ("create secret generic s --from-file key=my.pem", ["my.pem"]),
        ("create configmap c --from-env-file=web.env --from-literal=a=b", ["web.env"]),
        ("patch deploy web --patch-file p.yaml", ["p.yaml"]),
        ("apply -f -", []),
        ("apply -f https://example.org/a.yaml", []),
        ("logs -f web", []),
        ("exec web -- cat -f passwd", []),
        ("get pods -l app=web", []),
    ],
)
def test_files_of_this_machine(line: str, paths: list[str]) -> None:
    words = shlex.split(line)
    files = local_files(words)
    assert [file.path for file in files] == paths
    for file in files:
        assert words[file.at] == file.before + file.path


def test_the_verb_comes_after_options_for_all() -> None:
    assert verb_of(["-n", "shop", "--v=6", "get", "pods"]) == "get"
    assert verb_of(["--namespace", "shop"]) == ""


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("The connection to the server localhost:6443 was refused - did you specify the right host "
         "or port?", "cluster.start"),
        ('Error from server (AlreadyExists): deployments.apps "web" already exists', "apply"),
        ('Error from server (NotFound): pods "nope" not found', "get all"),
        ('error: the path "none.yaml" does not exist', "notebook's folder"),
        ('error: the server doesn\'t have a resource type "pots"', "api-resources"),
        ("error: error validating data: ValidationError(Pod): unknown field", "explain"),
        ("error: error parsing a.yaml: error converting YAML to JSON: yaml: line 3", "indentation"),
        ('The Deployment "web" is invalid: spec.selector: Invalid value: field is immutable',
         "delete it"),
        ("error: timed out waiting for the condition", "describe pod"),
        ("something that nobody has met", "get events"),
    ],
)  # fmt: skip
def test_the_next_step_is_about_what_was_said(said: str, step: str) -> None:
    assert step in kubectl_step(said)


def test_whose_exit_code_it_was() -> None:
    said = "command terminated with exit code 3"
    assert kubectl_outcome(["exec", "web", "--", "false"], said, 3).startswith("The command in the")
    assert kubectl_outcome(["get", "pots"], "error: …", 1) == "kubectl ended with exit code 1."
