"""The settings of `docker build`, and the line that says the same in a terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypedDict

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference
from helpers.model.text.command_line import docker_line, option
from helpers.model.text.options import check_options

STDIN = "-"
_SECRET_KEYS = frozenset(("id", "src", "source", "env", "type"))


class BuildOptions(TypedDict, total=False):
    """The options of `docker build` as keyword arguments; BuildSettings says what each means."""

    stdin: str | None
    dockerfile: str | None
    target: str | None
    build_args: Mapping[str, object] | None
    labels: Mapping[str, object] | None
    no_cache: bool
    pull: bool
    platform: str | None
    network: str | None
    secrets: Sequence[str]
    buildkit: bool | None


@dataclass(frozen=True, kw_only=True)
class BuildSettings:
    """What `docker build` can be told, in the words of its options.

    `context` is a folder, or "-" for none: then `stdin` is the Dockerfile's text, as with
    `docker build - < Dockerfile`. `dockerfile` is a path from here, or "-" for `stdin`.
    `secrets` are as in `--secret`: 'id=token,src=token.txt' or 'id=token,env=TOKEN'. `buildkit`
    False asks for the classic builder (DOCKER_BUILDKIT=0), None for the better one that is there.
    Raises InvalidInput at once for what no engine would take.
    """

    context: str
    tag: str = ""
    stdin: str | None = None
    dockerfile: str | None = None
    target: str | None = None
    build_args: Mapping[str, object] | None = None
    labels: Mapping[str, object] | None = None
    no_cache: bool = False
    pull: bool = False
    platform: str | None = None
    network: str | None = None
    secrets: Sequence[str] = ()
    buildkit: bool | None = None

    @classmethod
    def of(cls, context: object, tag: str | None, options: Mapping[str, object]) -> BuildSettings:
        """The settings of these keyword arguments; raises InvalidInput for an unknown one."""
        known = [field.name for field in fields(cls) if field.name not in ("context", "tag")]
        check_options("build", options, known)
        return cls(context=str(context), tag=tag or "", **options)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        if self.tag:
            ImageReference.parse(self.tag)
        reads_stdin = STDIN in (self.context, self.dockerfile)
        if reads_stdin and self.stdin is None:
            raise InvalidInput("'-' means a Dockerfile given as text.", "Give it: stdin='FROM …'.")
        if self.stdin is not None and not reads_stdin:
            raise InvalidInput(
                "stdin= is a Dockerfile's text, and nothing reads it.",
                "Build from '-', or say dockerfile='-' to use it with a folder.",
            )
        for secret in self.secrets:
            _check_secret(secret)

    @property
    def has_context(self) -> bool:
        """Whether there is a folder to send."""
        return self.context != STDIN

    @property
    def arguments(self) -> dict[str, str]:
        """The build arguments as text; one of None has the value that the environment has.

        Where it has none there either, the Dockerfile's default holds, as with `--build-arg NAME`.
        """
        pairs = (self.build_args or {}).items()
        known = {name: os.environ.get(name) if value is None else value for name, value in pairs}
        return {name: str(value) for name, value in known.items() if value is not None}

    @property
    def label_texts(self) -> dict[str, str]:
        """The labels as text; one of None is there, and empty, as with `--label NAME`."""
        pairs = (self.labels or {}).items()
        return {name: "" if value is None else str(value) for name, value in pairs}

    def line(self) -> str:
        """The `docker build …` line that stands for these settings.

        The label by which the workbook knows its own again is not in it.
        """
        line = docker_line("build", self._options(), self.context)
        if self.buildkit is False:
            line = f"DOCKER_BUILDKIT=0 {line}"
        if self.stdin is None:
            return line
        text = self.stdin.rstrip("\n")
        end = _free_word(text)
        return f"{line} <<'{end}'\n{text}\n{end}"

    def _options(self) -> list[str]:
        pairs: list[tuple[str, object]] = [
            ("-t", self.tag or None), ("-f", self.dockerfile), ("--target", self.target),
            *(("--build-arg", pair) for pair in _pairs(self.build_args)),
            *(("--label", pair) for pair in _pairs(self.labels)),
            ("--no-cache", self.no_cache), ("--pull", self.pull), ("--platform", self.platform),
            ("--network", self.network),
            *(("--secret", secret) for secret in self.secrets),
        ]  # fmt: skip
        return [word for flag, value in pairs for word in option(flag, value)]


def _pairs(values: Mapping[str, object] | None) -> list[str]:
    """NAME=VALUE of each as it is typed; the name alone for a value of None."""
    pairs = (values or {}).items()
    return [name if value is None else f"{name}={value}" for name, value in pairs]


def _free_word(text: str) -> str:
    """A word to end a text with in a shell, which no line of it is."""
    lines, number = set(text.split("\n")), 1
    while (word := f"EOF{number if number > 1 else ''}") in lines:
        number += 1
    return word


def secret_parts(secret: str) -> dict[str, str]:
    """The settings in a secret's text: id, and src or env."""
    parts = dict(part.partition("=")[::2] for part in secret.split(","))
    return {("src" if name == "source" else name): value for name, value in parts.items()}


def _check_secret(secret: str) -> None:
    parts = secret_parts(secret)
    if not parts.get("id") or not set(parts) <= _SECRET_KEYS:
        raise InvalidInput(
            f"{secret!r} is no secret.", "Write 'id=token,src=token.txt' or 'id=token,env=TOKEN'."
        )
