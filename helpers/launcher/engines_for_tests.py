"""The engines that `./workbook test` works with: never the learner's own one.

A run that was killed leaves containers, networks, volumes and images of its own in the data that
are kept for the lessons' images, and tests would fail on names that exist. So each engine starts
without them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.folders import state_dir
from helpers.engine.base.listed_objects import (
    containers_of,
    images_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.origin_ledger import engine_id
from helpers.engine.base.removal import remove_if_there
from helpers.engine.connection.client import open_client
from helpers.engine.private import STORES, EngineRelease, PrivateEngine
from helpers.engine.private.network_tools import write_absent
from helpers.engine.supply.ledger import supplied
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
    """That many engines of the tests' own, with the images that the workbook brought there and
    nothing else, as long as the block runs.

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
            clean_engine(each)
        yield chosen


def clean_engine(engine: Choice) -> None:
    """That engine of the tests' own has the images that were supplied, and nothing else."""
    with closing(open_client(engine.endpoint)) as client:
        remove_all_but_supplied(client)


def remove_all_but_supplied(client: DockerClient) -> None:
    """No container, volume, network or image of anybody's on that engine but what was supplied."""
    with translated("docker rm"):
        for container in containers_of(client.api, all=True):
            client.api.remove_container(container.id, v=True, force=True)
        for volume in volumes_of(client.api):
            client.api.remove_volume(volume.name, force=True)
        for network in networks_of(client.api, filters={"type": "custom"}):
            client.api.remove_network(network.id)
        _remove_images(client)


def _remove_images(client: DockerClient) -> None:
    """Those that the workbook did not bring; what one of the others needs stays."""
    brought = {(entry.name, entry.image_id) for entry in supplied(engine_id(client))}
    for item in images_of(client.api):
        for name in item.tags or (item.id,):
            if (name, item.id) not in brought:
                remove_if_there(partial(client.api.remove_image, name, force=True))


def all_own_engines() -> list[PrivateEngine]:
    """Every engine of the workbook's own that there can be, the learner's first."""
    names = ("workbook", *TEST_ENGINES)
    kinds = [(name, store) for name in names for store in STORES]
    return [PrivateEngine(name, release=EngineRelease(store=store)) for name, store in kinds]
