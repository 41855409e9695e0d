"""A kubectl command as it was typed: its files, whether it ends, and what to do after a failure.

Sources: `kubectl options` and `kubectl COMMAND --help` of 1.20; its messages as they were met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpers.model.text.command_line import program_line

_ENDLESS = ("port-forward", "proxy", "edit", "attach")
_WATCHES = ("-w", "--watch", "--watch-only")
_FOLLOWS = ("-f", "--follow")
_TALKS = re.compile(r"-(?:it|ti|i|t)|--(?:stdin|tty)(?:=true)?")
_FILES = ("-f", "--filename", "-k", "--kustomize", "--patch-file")
_KEYED = ("--from-file", "--from-env-file")
# Options ahead of the verb that take a word of their own.
_GLOBAL = ("-n", "--namespace", "--context", "--cluster", "--user", "-s", "--server", "-v", "--v")
_GLOBAL_VALUES = frozenset((*_GLOBAL, "--request-timeout", "--as", "--as-group", "--kubeconfig"))
_STEPS = (
    (r"connection to the server \S+ was refused|connection refused|no configuration has been"
     r"|etcdserver|localhost:8080",
     'kube-apiserver does not answer: `cluster.start("etcd", "kube-apiserver")`.'),
    (r"unable to connect to the server|TLS handshake timeout|context deadline",
     "The API server is slow or gone: `cluster.programs()` tells what runs."),
    (r"\(AlreadyExists\)|already exists",
     "`%kubectl apply` changes what is there, `%kubectl delete` takes it away."),
    (r"field is immutable", "That cannot be changed: delete it, then apply it anew."),
    (r"error validating data|unknown field|ValidationError|is invalid:|Invalid value",
     "`%kubectl explain KIND.spec` tells the fields that there are, and what they take."),
    (r"error converting YAML|error parsing|mapping values|did not find expected|found character",
     "The YAML is not well-formed: see to the indentation at that line."),
    (r"does not exist|no such file", "See to the path: it counts from the notebook's folder."),
    (r"doesn't have a resource type|no matches for kind",
     "`%kubectl api-resources` lists the kinds that this cluster knows."),
    (r"timed out waiting|exceeded its progress deadline",
     "See why with `%kubectl get pods`, then `%kubectl describe pod NAME`."),
    (r"\(NotFound\)|not found|no matching resources",
     "`%kubectl get all` lists what there is in this namespace."),
    (r"unknown (?:command|flag|shorthand)", "`%kubectl --help` lists what there is."),
    (r"container \S+ in pod \S+ is (?:waiting|not)|ContainerCreating|trying and failing to pull",
     "It has not begun: `%kubectl describe pod NAME` says why."),
)  # fmt: skip
_ELSE = "`%kubectl get events` tells what happened last; `%kubectl --help` what can be typed."


class LocalFile(NamedTuple):
    """A path in the command: which word has it, what stands in that word before it."""

    at: int
    before: str
    path: str


def kubectl_line(words: Sequence[str]) -> str:
    """The command in one line, as it is typed in a terminal."""
    return program_line("kubectl", *words)


def verb_of(words: Sequence[str]) -> str:
    """'get' of `kubectl -n shop get pods`; "" where there is none."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _GLOBAL_VALUES else 1
    return words[at] if at < len(words) else ""


def is_endless(words: Sequence[str]) -> bool:
    """Whether it goes on until somebody ends it, or speaks with somebody at a terminal."""
    verb, own = verb_of(words), _own(words)
    names = {word.partition("=")[0] for word in own if not word.endswith("=false")}
    if verb in _ENDLESS or (verb != "exec" and names.intersection(_WATCHES) and verb != "rollout"):
        return True
    if verb == "logs":
        return bool(names.intersection(_FOLLOWS))
    return verb in ("exec", "run", "debug") and any(_TALKS.fullmatch(word) for word in own)


def local_files(words: Sequence[str]) -> list[LocalFile]:
    """The files and folders of this machine that it reads, in order; no addresses, no '-'."""
    if verb_of(words) in ("logs", "exec"):
        return []
    return [file for file in _files(_own(words)) if _is_local(file.path)]


def kubectl_step(words: str) -> str:
    """The next step after what kubectl said on its standard error."""
    for pattern, step in _STEPS:
        if re.search(pattern, words, re.IGNORECASE):
            return step
    return _ELSE


def kubectl_outcome(words: Sequence[str], answer: str, code: int) -> str:
    """What an exit code other than 0 says, as a sentence."""
    if verb_of(words) == "exec" and "command terminated with exit code" in answer:
        return f"The command in the pod ended with exit code {code}."
    return f"kubectl ended with exit code {code}."


def _own(words: Sequence[str]) -> list[str]:
    """Its words up to '--', behind which those of another program stand."""
    return list(words[: words.index("--")] if "--" in words else words)


def _files(words: Sequence[str]) -> Iterator[LocalFile]:
    for at, word in enumerate(words):
        name, has_value, value = word.partition("=")
        before = words[at - 1] if at else ""
        if before in (*_FILES, *_KEYED):
            yield _keyed(at, "", word) if before in _KEYED else LocalFile(at, "", word)
        elif has_value and name in _FILES:
            yield LocalFile(at, f"{name}=", value)
        elif has_value and name in _KEYED:
            yield _keyed(at, f"{name}=", value)
        elif re.match(r"-[fk][^-=]", word):
            yield LocalFile(at, word[:2], word[2:])


def _keyed(at: int, before: str, value: str) -> LocalFile:
    """'key=path' of --from-file, or the path alone."""
    key, has_key, path = value.partition("=")
    return LocalFile(at, f"{before}{key}=", path) if has_key else LocalFile(at, before, value)


def _is_local(path: str) -> bool:
    return path not in ("", "-") and not re.match(r"https?://", path)
