"""A kernel interrupt in the middle of a run: one sentence, and nothing left behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import pytest

from helpers.engine.docker import Docker
from helpers.errors import Interrupted, NoSuchContainer
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.engine


def interrupt_when(ready: Callable[[], bool]) -> threading.Thread:
    """A thread that sends SIGINT to the main one, as Jupyter does, once something is so."""

    def watch() -> None:
        pause = threading.Event()
        for _ in range(2000):
            if ready():
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
                return
            pause.wait(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_an_interrupt_while_a_container_runs_in_the_foreground(docker: Docker) -> None:
    def runs() -> bool:
        filters = {"name": "wbt-int"}
        return bool(docker.client.api.containers(filters=filters))

    watcher = interrupt_when(runs)
    with pytest.raises(Interrupted, match=r"`docker run --name wbt-int .* was undone"):
        docker.run(BUSYBOX, "sleep 600", name="wbt-int", detach=False)
    watcher.join()
    with pytest.raises(NoSuchContainer):
        docker.container("wbt-int")


def test_an_interrupt_while_the_container_is_being_made(
    docker: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    create = docker.client.api.create_container

    def slow_create(*args: object, **options: object) -> object:
        begun.set()
        go_on.wait(10)
        return create(*args, **options)

    def made() -> bool:
        if begun.is_set():
            threading.Timer(0.2, go_on.set).start()
        return begun.is_set()

    monkeypatch.setattr(docker.client.api, "create_container", slow_create)
    watcher = interrupt_when(made)
    with pytest.raises(Interrupted):
        docker.run(BUSYBOX, "sleep 600", name="wbt-int2")
    watcher.join()
    with pytest.raises(NoSuchContainer):
        docker.container("wbt-int2")
