"""`docker compose …` taken apart: Compose's own options, its verb, and what the verb is told.

Source: docker/compose, `cmd/compose/`; only verbs that make, end or run something are read whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpers.model.command.typed_command import Option, TypedCommand, read_options

_ALONE = frozenset(
    (
        "all-resources", "compatibility", "dry-run", "verbose", "no-ansi", "version", "help",
        "v", "h",
    )
)  # fmt: skip
_WITH_VALUE = frozenset(
    (
        "file", "project-name", "profile", "env-file", "project-directory", "workdir", "parallel",
        "ansi", "progress", "f", "p",
    )
)  # fmt: skip
_UP = frozenset(
    (
        "abort-on-container-exit", "abort-on-container-failure", "always-recreate-deps",
        "attach-dependencies", "build", "detach", "force-recreate", "menu", "no-build", "no-color",
        "no-deps", "no-log-prefix", "no-recreate", "no-start", "quiet-build", "quiet-pull",
        "remove-orphans", "renew-anon-volumes", "timestamps", "wait", "watch", "yes", "help",
        "d", "V", "w", "y", "h",
    )
)  # fmt: skip
_RUN = frozenset(
    (
        "build", "detach", "interactive", "no-deps", "no-TTY", "quiet", "quiet-build",
        "quiet-pull", "remove-orphans", "rm", "service-ports", "use-aliases", "tty", "help",
        "d", "i", "T", "q", "P", "t", "h",
    )
)  # fmt: skip
_EXEC = frozenset(("detach", "no-TTY", "privileged", "interactive", "help", "d", "T", "i", "h"))
_BUILD = frozenset(
    ("check", "no-cache", "print", "pull", "push", "quiet", "with-dependencies", "help", "q", "h")
)
# The options of each verb that stand alone; every other one takes a value.
_VERBS = {
    "up": _UP,
    "create": _UP,
    "watch": frozenset(("no-up", "prune", "quiet", "help", "h")),
    "scale": frozenset(("no-deps", "help", "h")),
    "run": _RUN,
    "exec": _EXEC,
    "build": _BUILD,
}
# Of these, what follows the first argument is another program's.
_PROGRAMS = frozenset(("run", "exec"))
_MAKING = frozenset(("up", "create", "watch", "scale", "run"))
_TOUCHING = _MAKING | {"down", "kill", "pause", "restart", "rm", "start", "stop", "unpause"}


@dataclass(frozen=True)
class ComposeCommand:
    """`head` is all before the verb: docker's own options, `compose` and Compose's options.

    `own` are those of Compose; `options` and `arguments` are the verb's, where it is read whole.
    """

    head: tuple[str, ...]
    verb: str = ""
    own: tuple[Option, ...] = ()
    options: tuple[Option, ...] = ()
    arguments: tuple[str, ...] = ()

    def values(self, *names: str) -> list[str]:
        """The values of that option of the verb, by any of its names, in order."""
        return [option.value for option in self.options if option.name in names]

    def has(self, *names: str) -> bool:
        """Whether an option of the verb that stands alone is set."""
        return (self.values(*names) or ["false"])[-1].lower() not in ("false", "0", "f")

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it names; none for all of them."""
        if self.verb in _PROGRAMS:
            return self.arguments[:1]
        return tuple(name.partition("=")[0] for name in self.arguments)

    @property
    def makes(self) -> bool:
        """Whether it may make containers, and what they need."""
        return self.verb in _MAKING and not self._changes_nothing

    @property
    def builds(self) -> bool:
        """Whether it may build images."""
        return self.makes or (self.verb == "build" and not self._changes_nothing)

    @property
    def touches(self) -> bool:
        """Whether it may end, remove or replace containers that are there."""
        return self.verb in _TOUCHING and not self._changes_nothing

    @property
    def runs_program(self) -> bool:
        """Whether its exit code may be that of a program in a container."""
        return self.verb in _PROGRAMS and not self.has("detach", "d")

    @property
    def project(self) -> str:
        """The name that it gives the project; "" where the file, or its folder, does."""
        return ([o.value for o in self.own if o.name in ("project-name", "p")] or [""])[-1]

    @property
    def _changes_nothing(self) -> bool:
        is_dry = any(option.name == "dry-run" and option.value != "false" for option in self.own)
        return is_dry or self.has("help", "h")


def compose_command(command: TypedCommand) -> ComposeCommand:
    """What that docker command, whose verb is `compose`, asks Compose for."""
    rest = command.rest
    length = _length_of_options(rest)
    own, _ = read_options(rest[:length], _ALONE, ends_at_argument=True)
    verb, behind = (rest[length : length + 1] or ("",))[0], rest[length + 1 :]
    options: tuple[Option, ...] = ()
    arguments: tuple[str, ...] = ()
    if verb in _VERBS:
        options, arguments = read_options(behind, _VERBS[verb], verb in _PROGRAMS)
    return ComposeCommand((*command.head, *rest[:length]), verb, own, options, arguments)


def _length_of_options(words: tuple[str, ...]) -> int:
    """How many of these words stand before the verb."""
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "-":
        name = words[at].lstrip("-")
        at += 2 if name in _WITH_VALUE else 1
    return min(at, len(words))
