"""A docker command taken apart: its verb, its options and what they stand before.

Only verbs that make, end or remove something are taken apart whole; all others pass through.
Source: docker/cli, `cli/command/*/`; options as spf13/pflag reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_ELSEWHERE = frozenset(("-c", "--context", "-H", "--host"))
_GLOBAL_WITH_VALUE = _ELSEWHERE | {
    "--config", "-l", "--log-level", "--tlscacert", "--tlscert", "--tlskey",
}  # fmt: skip
_ALIASES = {
    "container run": "run", "container create": "create", "container commit": "commit",
    "container exec": "exec", "container start": "start", "container attach": "attach",
    "image build": "build", "builder build": "build", "buildx build": "build", "buildx b": "build",
    "image tag": "tag", "image import": "import", "image pull": "pull",
    "network create": "network create", "volume create": "volume create",
    "container rm": "rm", "container remove": "rm", "container stop": "stop",
    "container kill": "kill", "container restart": "restart", "container pause": "pause",
    "image rm": "rmi", "image remove": "rmi", "network rm": "network rm",
    "network remove": "network rm", "volume rm": "volume rm", "volume remove": "volume rm",
}  # fmt: skip
_GROUPS = frozenset(alias.partition(" ")[0] for alias in _ALIASES)
_RUN = frozenset(
    (
        "detach", "init", "interactive", "no-healthcheck", "oom-kill-disable", "privileged",
        "publish-all", "quiet", "read-only", "rm", "sig-proxy", "tty", "disable-content-trust",
        "help", "use-api-socket", "d", "i", "P", "q", "t",
    )
)  # fmt: skip
_BUILD = frozenset(
    (
        "check", "compress", "disable-content-trust", "force-rm", "load", "no-cache", "pull",
        "push", "quiet", "rm", "squash", "debug", "help", "q", "D",
    )
)  # fmt: skip
_NETWORK = frozenset(("attachable", "config-only", "ingress", "internal", "ipv4", "ipv6", "help"))
# The options of each verb that stand alone; every other one takes a value.
_WITHOUT_VALUE = {
    "run": _RUN,
    "create": _RUN,
    "build": _BUILD,
    "network create": _NETWORK,
    "volume create": frozenset(("help",)),
    "exec": frozenset(("detach", "interactive", "privileged", "tty", "help", "d", "i", "t")),
    "start": frozenset(("attach", "interactive", "help", "a", "i")),
    "tag": frozenset(("help",)),
    "commit": frozenset(("pause", "p", "help", "no-pause")),
    "import": frozenset(("help",)),
    "rm": frozenset(("force", "f", "link", "l", "volumes", "v", "help")),
    "rmi": frozenset(("force", "f", "no-prune", "help")),
    "network rm": frozenset(("force", "f", "help")),
    "volume rm": frozenset(("force", "f", "help")),
    **{verb: frozenset(("help",)) for verb in ("stop", "kill", "restart", "pause")},
    "pull": frozenset(("all-tags", "a", "disable-content-trust", "quiet", "q", "help")),
}
# Of these, what follows the first argument is another program's.
_ENDS_AT_ARGUMENT = frozenset(("run", "create", "exec"))


class Option(NamedTuple):
    """An option by its name without dashes; `value` is "true" for one that stands alone."""

    name: str
    value: str


@dataclass(frozen=True)
class TypedCommand:
    """`head` is all up to the verb and with it, `rest` what follows; `verb` is "" for none.

    `options` and `arguments` are those of a verb that is taken apart, else empty.
    """

    head: tuple[str, ...]
    rest: tuple[str, ...]
    verb: str = ""
    options: tuple[Option, ...] = ()
    arguments: tuple[str, ...] = ()
    is_elsewhere: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All of it, without `docker`."""
        return (*self.head, *self.rest)

    def with_options(self, *words: str) -> tuple[str, ...]:
        """All of it with further words directly behind the verb."""
        return (*self.head, *words, *self.rest)

    def values(self, *names: str) -> list[str]:
        """The values of that option, by any of its names, in order."""
        return [option.value for option in self.options if option.name in names]

    def has(self, *names: str) -> bool:
        """Whether an option that stands alone is set."""
        return (self.values(*names) or ["false"])[-1].lower() not in ("false", "0", "f")

    @property
    def is_detached(self) -> bool:
        """Whether it is a `create`, or leaves what it began running."""
        return self.verb == "create" or (self.verb in ("run", "exec") and self.has("detach", "d"))


def typed_command(words: Sequence[str]) -> TypedCommand:
    """The command that these words are; one that is `docker` itself may stand before them."""
    words = tuple(words[1:] if words[:1] == ("docker",) else words)
    start, is_elsewhere = _behind_global_options(words)
    first = words[start : start + 1]
    if not first:
        return TypedCommand(words, (), is_elsewhere=is_elsewhere)
    pair = " ".join(words[start : start + 2])
    length = 2 if first[0] in _GROUPS and pair in _ALIASES else 1
    verb = _ALIASES.get(pair, first[0]) if length == 2 else first[0]
    head, rest = words[: start + length], words[start + length :]
    options, arguments = _read(verb, rest)
    return TypedCommand(head, rest, verb, options, arguments, is_elsewhere)


def _behind_global_options(words: tuple[str, ...]) -> tuple[int, bool]:
    at, is_elsewhere = 0, False
    while at < len(words) and words[at].startswith("-"):
        name, has_value, _ = words[at].partition("=")
        is_elsewhere |= name in _ELSEWHERE or name[:2] in ("-c", "-H")
        at += 2 if name in _GLOBAL_WITH_VALUE and not has_value else 1
    return min(at, len(words)), is_elsewhere


def _read(verb: str, rest: tuple[str, ...]) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    if verb not in _WITHOUT_VALUE:
        return (), ()
    return read_options(rest, _WITHOUT_VALUE[verb], verb in _ENDS_AT_ARGUMENT)


def read_options(
    words: tuple[str, ...], alone: frozenset[str], ends_at_argument: bool = False
) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """The options and the arguments in these words; the options named in `alone` take no value.

    With `ends_at_argument`, all behind the first argument are arguments.
    """
    options: list[Option] = []
    arguments: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            arguments += left
        elif word.startswith("--"):
            options.append(_long(word[2:], alone, left))
        elif word.startswith("-") and len(word) > 1:
            options += _short(word[1:], alone, left)
        else:
            arguments.append(word)
            if ends_at_argument:
                arguments += left
    return tuple(options), tuple(arguments)


def _long(text: str, alone: frozenset[str], left: Iterator[str]) -> Option:
    name, has_value, value = text.partition("=")
    if has_value:
        return Option(name, value)
    return Option(name, "true" if name in alone else next(left, ""))


def _short(letters: str, alone: frozenset[str], left: Iterator[str]) -> Iterator[Option]:
    """The options in `-dit` or `-p80:80`: those that stand alone, then perhaps one with a value."""
    for at, letter in enumerate(letters):
        behind = letters[at + 1 :]
        if behind.startswith("="):
            yield Option(letter, behind[1:])
            return
        if letter not in alone:
            yield Option(letter, behind or next(left, ""))
            return
        yield Option(letter, "true")
