"""Containers of the lessons' busybox beside others, for as long as one look or one act takes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import CONTAINERS, asked_for
from helpers.engine.base.removal import removed_afterwards
from helpers.engine.isolation.shell import BUSYBOX
from helpers.engine.supply.image_supply import ImageSupply
from helpers.model.image.tool_image import TOOL_IMAGE

if TYPE_CHECKING:
    from docker import DockerClient

# An end of its own, should nobody be there any more to remove it.
_WORDS = (BUSYBOX, "sleep", "120")


class Siblings:
    """Makes them on one engine, noted for the clean-up of a lesson."""

    def __init__(self, client: DockerClient, lesson: str) -> None:
        self.client = client
        self._lesson = lesson

    @contextmanager
    def running(self, user: str = "", **options: Any) -> Iterator[str]:
        """The id of one that runs, removed afterwards; `options` are those of the SDK's
        create_host_config.

        Raises EngineError where it does not start, ImageUnavailable where there is no busybox.
        """
        ImageSupply(self.client).ensure(TOOL_IMAGE)
        api = self.client.api
        name = f"workbook-look-{secrets.token_hex(4)}"
        note = asked_for(self.client, self._lesson, CONTAINERS, name=name, image=TOOL_IMAGE)
        settings = {"network_mode": "none", **options}
        with removed_afterwards(partial(api.remove_container, name, v=True, force=True)):
            with translated(f"docker run {TOOL_IMAGE}"):
                answer = api.create_container(
                    TOOL_IMAGE,
                    list(_WORDS),
                    name=name,
                    user=user,
                    labels=note.labels,
                    # Podman asks a container to end before it removes it, and waits ten seconds.
                    stop_signal="SIGKILL",
                    host_config=api.create_host_config(**settings),
                )
                note.made(made := id_in(answer, "docker create"))
                api.start(made)
            yield made
