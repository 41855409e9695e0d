"""A small stick on a real engine: saved, broken off in between, and started from."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.bundle.save import save_bundle
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.debian.tree_cache import kept_tree
from helpers.engine.docker import Docker
from helpers.engine.supply.image_supply import ImageSupply
from helpers.launcher.environment import Environment
from helpers.launcher.start_from import start_in
from helpers.model.supply.supply import Source
from tests.engine.registry_kit import build, noise
from tests.engine.supply_kit import identity, image_id
from tests.unit.conftest import cut_off_home
from tests.unit.stick_kit import (
    RECIPE,
    engine_of,
    lock_of,
    make_tree,
    make_wheel,
    packages_of,
)

__all__ = ["cut_off_home"]
pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("cut_off_home")]
NAME = "wbstick-app:1"


@pytest.fixture
def image(docker: Docker) -> Iterator[str]:
    build(docker.client, NAME, noise(100_000))
    yield str(identity(docker.client, NAME))
    if image_id(docker.client, NAME):
        docker.client.api.remove_image(NAME, force=True)


def test_a_machine_starts_from_what_another_saved(
    docker: Docker, image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, wheel, tree = tmp_path / "s.tar", make_wheel(tmp_path, "tiny"), make_tree(tmp_path / "t")
    with BundleWriter(path) as writer:
        artifacts = [engine_of(writer, tree), packages_of(writer, [wheel])]
    assert not path.exists(), "without its images it has no name yet"
    bundle = save_bundle(docker.client, [NAME], path, lambda _: None, artifacts=artifacts)
    bundle.verify()
    docker.client.api.remove_image(NAME, force=True)

    root = tmp_path / "workbook"
    root.mkdir()
    (root / "requirements.txt").write_text(lock_of([wheel]))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    start = start_in(["lab", "--from", f"{path}#{bundle.digest.words}"])
    assert start is not None
    assert start.stick is not None
    environment = Environment(root)
    python = environment.ensure(start.stick.wheels(environment.requirements))
    assert subprocess.check_output([python, "-c", "import tiny; print(tiny.VALUE)"]) == b"1\n"
    start.stick.bring_engine(RECIPE, lambda text: None, threading.Event())
    assert kept_tree(RECIPE) is not None

    monkeypatch.setenv(start.variable, start.value)
    (supplied,) = ImageSupply(docker.client).ensure_all(start.names())
    assert (supplied.source, supplied.note) == (Source.BUNDLE, "from s.tar")
    assert identity(docker.client, NAME) == image
