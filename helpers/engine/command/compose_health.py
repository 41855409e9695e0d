"""The health checks of a project, run where the engine has no clock for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.listed_objects import containers_of
from helpers.engine.container.health import have_checked
from helpers.errors import EngineError
from helpers.model.project.member import PROJECT

if TYPE_CHECKING:
    from docker import DockerClient

_PAUSE_SECONDS = 0.5
_FAILURES = (DockerException, RequestException, EngineError)


@contextmanager
def checks_run(context: EngineContext, project: str) -> Iterator[None]:
    """A block in which, on Podman, the checks of that project's containers are run.

    Compose waits for a health that nobody else has looked at there: see `container/health.py`.
    """
    if not is_podman(context.info):
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_run, args=(context.client, project, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _run(client: DockerClient, project: str, ended: threading.Event) -> None:
    wanted = {"label": f"{PROJECT}={project}", "status": "running"}
    while not ended.wait(_PAUSE_SECONDS):
        try:
            running = containers_of(client.api, filters=wanted)
        except _FAILURES:
            continue
        for item in running:
            have_checked(client, item.id)
