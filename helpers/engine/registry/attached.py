"""A registry that answers at an address of this machine, whoever started it."""

from __future__ import annotations

import time

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.needed_parts import id_in, needed_rows
from helpers.engine.container.container import Container
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.registry import Registry
from helpers.errors import RegistryGone
from helpers.model.text.answer_parts import tables_of, text_in

_PAUSE_SECONDS = 0.1


def registry_at(context: EngineContext, address: str, seconds: float) -> Registry:
    """The registry at 'localhost:5004', with the container that it runs in where this engine has
    one that publishes that port. Raises RegistryGone where none answers in that time.
    """
    http, until = RegistryHttp(address), time.monotonic() + seconds
    while True:
        try:
            http.open("/v2/").close()
            return Registry(context, address, _container_at(context, address))
        except RegistryGone:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)


def _container_at(context: EngineContext, address: str) -> Container | None:
    number = address.rpartition(":")[2]
    with translated("docker ps"):
        running = needed_rows(context.client.api.containers(), "docker ps")
    for item in running:
        if any(text_in(port, "PublicPort") == number for port in tables_of(item, "Ports")):
            return Container(context.client, id_in(item, "docker ps"), context.log)
    return None
