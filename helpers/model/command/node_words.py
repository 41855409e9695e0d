"""Which node a typed command is for, and its words there: `docker -c node-1 ps` is `docker ps`.

Source: docker/cli, `cli/flags/options.go`.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpers.model.command.typed_command import TypedCommand

_ALONE = frozenset(("-D", "--debug", "--tls", "--tlsverify", "-v", "--version", "--help"))
_NAMES = ("-c", "--context")


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
