"""`connect()`, with `%docker`, a bar for images that come or go, a timeline of each build."""

from __future__ import annotations

import os

from helpers.engine.base.engine_context import Listeners
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.connect import connect as engine_connect
from helpers.engine.docker import Docker
from helpers.notebook.build_timeline import BuildDisplay
from helpers.notebook.docker_magic import register_docker_magic
from helpers.notebook.kubectl_magic import register_kubectl_magic
from helpers.notebook.session import open_session
from helpers.views.kit.widget_host import load_widgets_ahead
from helpers.views.registry.transfer_bars import TransferBars
from helpers.views.supply.supply_bar import SupplyBar

# What `docker build` in a cell makes is one manifest, as with `engine.build`, and not a list of
# it and of a record of the build, which newer engines would push along (lesson 05).
_ONE_MANIFEST = ("BUILDX_NO_DEFAULT_ATTESTATIONS", "1")
# Podman builds by itself, in Docker's old way of asking. Asked to use BuildKit, the docker command
# would fetch one, run it in a container, and leave the image in there.
_BY_THE_ENGINE = ("DOCKER_BUILDKIT", "0")


def connect(lesson: str | int | None = None) -> Docker:
    """The engine of this machine; what is made in a lesson ('02') is labelled with its number.

    Raises EngineNotFound, EngineRefused or EngineTooOld, each with what to do.
    """
    os.environ.setdefault(*_ONE_MANIFEST)
    engine = engine_connect(lesson, Listeners(SupplyBar(), BuildDisplay(), TransferBars()))
    if is_podman(engine.info):
        os.environ.setdefault(*_BY_THE_ENGINE)
    open_session(engine)
    register_docker_magic()
    register_kubectl_magic()
    load_widgets_ahead()
    return engine
