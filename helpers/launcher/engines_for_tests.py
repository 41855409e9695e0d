"""The engines that `./workbook test` works with: never the learner's own one.

A run that was killed leaves containers, networks and volumes in the data that are kept for its
images, and tests would fail on names that exist. So each engine starts without them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.folders import state_dir
from helpers.engine.connection.client import open_client
from helpers.engine.private import STORES, EngineRelease, PrivateEngine
from helpers.engine.private.network_tools import write_absent
from helpers.launcher.engine_for import Choice, held, variables
from helpers.launcher.own_engine import fetch_engine

if TYPE_CHECKING:
    from docker import DockerClient

TEST_ENGINES = ("tests-1", "tests-2")


def engine_of_tests(name: str, choice: Choice) -> Choice:
    """The engine of that name, otherwise as the one that was chosen."""
    release = choice.private.release if choice.private else None
    engine = PrivateEngine(name, release=release)
    return Choice(Endpoint(engine.host, "the tests' own engine"), engine)


@contextmanager
def clean_engines(choice: Choice, count: int) -> Iterator[list[Choice]]:
    """That many engines of the tests' own, with images and nothing else, as long as the block runs.

    The first is the one that DOCKER_HOST names in it. Raises SetupFailed.
    """
    chosen = [engine_of_tests(name, choice) for name in TEST_ENGINES[:count]]
    with ExitStack() as stack:
        if choice.private:
            fetch_engine(choice.private.release)
            tools = state_dir() / "machine"
            write_absent(tools, choice.private.release.tree())
            stack.enter_context(variables({"PATH": f"{os.environ.get('PATH', '')}:{tools}"}))
        for each in reversed(chosen):
            stack.enter_context(held(each))
            with closing(open_client(each.endpoint)) as client:
                remove_all_but_images(client)
        yield chosen


def remove_all_but_images(client: DockerClient) -> None:
    """No container, no volume and no network of anybody's on that engine."""
    with translated("docker rm"):
        for container in client.api.containers(all=True):
            client.api.remove_container(container["Id"], v=True, force=True)
        for volume in client.api.volumes()["Volumes"] or []:
            client.api.remove_volume(volume["Name"], force=True)
        for network in client.api.networks(filters={"type": "custom"}):
            client.api.remove_network(network["Id"])


def all_own_engines() -> list[PrivateEngine]:
    """Every engine of the workbook's own that there can be, the learner's first."""
    names = ("workbook", *TEST_ENGINES)
    kinds = [(name, store) for name in names for store in STORES]
    return [PrivateEngine(name, release=EngineRelease(store=store)) for name, store in kinds]
