"""What a VM is told to run: the program that an image's settings name, as a container would."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpers.errors import InvalidInput
from helpers.model.image.platform import Platform
from helpers.model.text.answer_parts import part_of, text_in, texts_of

_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Guest:
    """An image's program: `words`, its `environment` as NAME=value, its folder and its user.

    `platform` is the system and processor that the image is made for.
    """

    words: tuple[str, ...]
    environment: tuple[str, ...] = ()
    folder: str = "/"
    user: str = ""
    platform: Platform | None = None

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any]) -> Guest:
        """The guest in the Engine API's answer to GET /images/{name}/json."""
        config = part_of(answer, "Config")
        return cls(
            words=(*texts_of(config, "Entrypoint"), *texts_of(config, "Cmd")),
            environment=tuple(texts_of(config, "Env")),
            folder=text_in(config, "WorkingDir") or "/",
            user=text_in(config, "User"),
            platform=Platform.described(answer),
        )

    def with_program(self, words: Sequence[str], variables: Sequence[str]) -> Guest:
        """The same with another program (where one is given) and more variables: 'NAME=value'."""
        more = tuple(variable for variable in variables if "=" in variable)
        return replace(
            self, words=tuple(words) or self.words, environment=(*self.environment, *more)
        )

    def check(self, image: str, platform: Platform) -> None:
        """Raises InvalidInput where no VM on an engine of that platform can run it."""
        if self.platform is None or not self.platform.matches(platform):
            raise InvalidInput(
                f"{image} is made for {self.platform}, and the engine's machine is {platform}.",
                f"Get it for this one: `docker pull --platform {platform} {image}`, or build it.",
            )
        if not self.words:
            raise InvalidInput(
                f"{image} names no program to run.",
                'Name one yourself: docker.vm(image, "python app.py").',
            )

    def settings(self) -> str:
        """The settings as the shell in the VM reads them; every value is quoted, so it is data."""
        lines = [
            f"export {name}={shlex.quote(value)}"
            for name, _, value in (line.partition("=") for line in (_PATH, *self.environment))
            if name.isidentifier()
        ]
        return "\n".join(
            [
                *("export HOME=/root", *lines),
                f"WORKING_FOLDER={shlex.quote(self.folder)}",
                f"USER_ID={shlex.quote(self.user)}",
                f"APP={shlex.quote(shlex.join(self.words))}",
                "",
            ]
        )
