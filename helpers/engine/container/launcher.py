"""`docker run`: from an image to a container that has started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Unpack

from docker.errors import ImageNotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.base.needed_parts import id_in
from helpers.engine.container.container import Container
from helpers.engine.container.create import create_container
from helpers.errors import EngineError, Interrupted
from helpers.model.container.run_options import RunOptions
from helpers.model.container.run_settings import RunSettings
from helpers.model.text.command_line import as_word, docker_line

if TYPE_CHECKING:
    from docker import DockerClient


class Launcher:
    """Starts containers in one lesson on one engine; an image that is missing is supplied first.

    `before` is called ahead of each.
    """

    def __init__(
        self, context: EngineContext, ensure: Ensure, before: Callable[[], object] = lambda: None
    ) -> None:
        self.context = context
        self.ensure = ensure
        self.before = before

    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        **options: Unpack[RunOptions],
    ) -> Container:
        """A new container of that image, started; with detach=False, ended too.

        Raises NameInUse, PortInUse, ImageUnavailable, DiskFull, InvalidInput or EngineError; what
        was half made by then is removed, as it is after an interrupt.
        """
        settings, image = RunSettings.of(options), as_word(image)
        line = settings.line(image, command)
        client, log = self.context.client, self.context.log
        with translated(line):
            self.before()
            made = self._created(image, command, settings)
            with removed_on_error(client, made, line):
                client.api.start(made)
                if not settings.detach:
                    client.api.wait(made)
                return Container(client, made, log, log.add(line), not settings.detach)

    def _created(
        self, image: str, command: str | Sequence[str] | None, settings: RunSettings
    ) -> str:
        client, lesson = self.context.client, self.context.lesson
        try:
            return create_container(client, image, command, settings, lesson)
        except ImageNotFound:
            self.ensure(image)
            return create_container(client, image, command, settings, lesson)


def existing_container(context: EngineContext, name: str) -> Container:
    """The container of that name or id, whoever made it; raises NoSuchContainer."""
    line = docker_line("inspect", name)
    with translated(line):
        identity = id_in(context.client.api.inspect_container(name), line)
    return Container(context.client, identity, context.log)


@contextmanager
def removed_on_error(client: DockerClient, made: str, line: str) -> Iterator[None]:
    """A block that starts a container; an error or an interrupt in it takes that away again."""
    try:
        yield
    except BaseException as error:
        with suppress(EngineError), translated(line):
            client.api.remove_container(made, v=True, force=True)
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(f"`{line}` was undone.", "Run the cell again.") from None
        raise
