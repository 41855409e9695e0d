"""Which node a typed command is for, its words there, and what to do after one that failed.

`docker -c node-1 ps` is `docker ps` there. Sources: docker/cli, `cli/flags/options.go`; moby's
`daemon/cluster/errors.go`, and Engine 28.5 as it was met.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.model.command.typed_command import TypedCommand

_ALONE = frozenset(("-D", "--debug", "--tls", "--tlsverify", "-v", "--version", "--help"))
_NAMES = ("-c", "--context")
_STEPS = (
    (r"is not running|exec sessions on running containers",
     "`%docker start {0}` starts it; what runs on other nodes goes on."),
    (r"container \S+ is paused", "`%docker unpause {0}` lets it go on."),
    (r"no such container: [0-9a-f]{64}|cannot connect to the docker daemon|error during connect",
     "Its engine broke off: see `%docker logs {0}`, or `%docker restart {0}`."),
    (r"worker nodes can't be used", "Ask a manager; `%docker -c node-1 node ls` names them."),
    (r"not a swarm manager|not part of a swarm",
     "Make a swarm first, `%docker -c {0} swarm init`, or let this node join one."),
    (r"already part of a swarm", "`%docker -c {0} swarm leave --force` takes it out of that one."),
    (r"swarm does not have a leader",
     "More than half of the managers must run: start those that do not, or, where they are lost, "
     "`%docker -c {0} swarm init --force-new-cluster`."),
    (r"unable to find image|no such image|pull access denied",
     "A node has images of its own: push it to a registry that the nodes reach."),
)  # fmt: skip


def chosen_context(command: TypedCommand) -> str:
    """The context that its global options name; "" where they name none, or an address as well."""
    names = [value for name, value, _ in _global_options(command.words) if name in _NAMES]
    hosts = [name for name, _, _ in _global_options(command.words) if name in ("-H", "--host")]
    return names[-1] if names and not hosts else ""


def words_there(command: TypedCommand) -> tuple[str, ...]:
    """All of its words but those that name the context."""
    kept = list(command.words)
    for name, _, words in reversed(_global_options(command.words)):
        if name in _NAMES:
            del kept[words]
    return tuple(kept)


def step_at(name: str, words: str) -> str:
    """The next step after these words of a command for that node; "" for none of nodes."""
    for pattern, step in _STEPS:
        if re.search(pattern, words, re.IGNORECASE):
            return step.format(name)
    return ""


def _global_options(words: Sequence[str]) -> list[tuple[str, str, slice]]:
    """Each option before the verb: its name, its value, and its place among the words."""
    options, at = [], 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        name, has_value, value = words[at].partition("=")
        if not name.startswith("--") and len(name) > 2 and name[:2] in ("-c", "-H", "-l"):
            name, has_value, value = words[at][:2], "=", words[at][2:].removeprefix("=")
        length = 1
        if not has_value and name not in _ALONE:
            value, length = words[at + 1] if at + 1 < len(words) else "", 2
        options.append((name, value, slice(at, at + length)))
        at += length
    return options
