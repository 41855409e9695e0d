"""A notebook cell run as IPython runs it, against one engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from helpers.engine.docker import Docker
from helpers.notebook.docker_magic import register_docker_magic
from helpers.notebook.kubectl_magic import register_kubectl_magic
from helpers.notebook.session import open_session


def run_cell(source: str, docker: Docker) -> None:
    """Runs that source with `engine` in scope; `%docker` and `!docker` speak to the same one."""
    shell = _shell()
    before = set(shell.user_ns)
    shell.user_ns["engine"] = shell.user_ns["docker"] = docker
    open_session(docker)
    try:
        with _spoken_to(docker.endpoint.host):
            shell.run_cell(source, store_history=False).raise_error()
    finally:
        for name in shell.user_ns.keys() - before:
            del shell.user_ns[name]


@cache
def _shell() -> InteractiveShell:
    """One for all cells: at the interpreter's end each costs a look at all that is in memory."""
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    register_docker_magic()
    register_kubectl_magic()
    return shell


@contextmanager
def _spoken_to(host: str) -> Iterator[None]:
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = host
    try:
        yield
    finally:
        if before is None:
            del os.environ["DOCKER_HOST"]
        else:
            os.environ["DOCKER_HOST"] = before
