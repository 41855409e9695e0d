"""The engines that the lessons are tried on, each run from unpacked packages, nothing installed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.debian.tree_cache import unpacked_tree
from helpers.engine.private import EngineRelease, PrivateEngine
from helpers.engine.private.engine_release import Store
from helpers.model.debian.tree_recipe import (
    DOCKER_TREE,
    IPTABLES_LINKS,
    NETWORK_PACKAGES,
    TreeRecipe,
)
from tests.engines.podman_service import podman_service

# Podman with its service, its network and a first process for `--init`.
PODMAN_TREE = TreeRecipe(
    "podman",
    ("testing", "stable"),
    (
        *("podman", "netavark", "aardvark-dns", "crun", "conmon", "nftables", "catatonit"),
        *NETWORK_PACKAGES,
    ),
    links=IPTABLES_LINKS,
)
# Debian 12 has no packages of their own for the client, BuildKit's plug-in and Compose.
_BEFORE_23 = ("docker-cli", "docker-buildx", "docker-compose")


@dataclass(frozen=True)
class TestedEngine:
    """An engine by the release that it should be; without `store` it is Podman's service."""

    __test__ = False  # nothing for pytest to collect

    title: str
    recipe: TreeRecipe
    store: Store | None = None

    @property
    def key(self) -> str:
        """A name for files and options: 'docker-28-5-classic'."""
        return "-".join(self.title.lower().replace(",", "").replace(".", " ").split())

    @contextmanager
    def running(self, folder: Path) -> Iterator[Endpoint]:
        """Where it answers, as long as the block runs; nothing that it kept is left afterwards.

        Podman keeps it in that folder, Docker where the workbook's engines do.
        """
        tree = unpacked_tree(self.recipe, lambda progress: None, threading.Event())
        if self.store is None:
            with podman_service(tree, folder) as host:
                yield Endpoint(host, "a test")
            return
        release = EngineRelease(self.recipe, self.store)
        # Two workers may try engines of one kind at once.
        who = os.environ.get("PYTEST_XDIST_WORKER", "table")
        engine = PrivateEngine(f"{who}-{self.key}"[:32], release=release)
        try:
            with engine.lease():
                yield Endpoint(engine.host, "a test")
        finally:
            engine.remove()


def _of(recipe: TreeRecipe, suite: str, without: tuple[str, ...] = ()) -> TreeRecipe:
    """The recipe for that suite alone, under a name of its own in the cache."""
    packages = tuple(name for name in recipe.packages if name not in without)
    name = f"{recipe.name}-{suite.partition('+')[0]}"
    return TreeRecipe(
        name, (suite,), packages, recipe.without, recipe.trimmed, recipe.links
    )  # fmt: skip


DOCKER_20 = TestedEngine("Docker 20.10", _of(DOCKER_TREE, "bookworm", _BEFORE_23), "classic")
DOCKER_26 = TestedEngine("Docker 26.1", _of(DOCKER_TREE, "trixie"), "classic")
DOCKER_26_CONTAINERD = TestedEngine("Docker 26.1, containerd", DOCKER_26.recipe, "containerd")
DOCKER_CLASSIC = TestedEngine("Docker 28.5, classic", DOCKER_TREE, "classic")
DOCKER_CONTAINERD = TestedEngine("Docker 28.5, containerd", DOCKER_TREE, "containerd")
PODMAN_5 = TestedEngine("Podman 5.8", PODMAN_TREE)
PODMAN_6 = TestedEngine("Podman 6.1", _of(PODMAN_TREE, "experimental+unstable"))
ENGINES = (DOCKER_20, DOCKER_26, DOCKER_CLASSIC, DOCKER_CONTAINERD, PODMAN_5, PODMAN_6)
