"""An engine that keeps images in containerd's store, as Docker Desktop and new ones of 29 do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.bundle.save import save_bundle
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.layers.storage import storage_of
from helpers.engine.supply.load_bundle import load_bundle
from helpers.model.supply.supply import Source
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.other_engine import other_engine
from tests.engine.supply_kit import has_containerd_store
from tests.engines.tested_engine import DOCKER_CONTAINERD

pytestmark = [pytest.mark.engine, pytest.mark.slow]
NAME = "wbt-store:1"
TEXT = f"FROM {BUSYBOX}\nRUN --mount=type=tmpfs,target=/x head -c 5000000 /dev/zero > /zeros\n"


@pytest.fixture(scope="module")
def newer(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    """An engine with that store."""
    outer, _ = find_client([endpoint])
    folder = tmp_path_factory.mktemp("store")
    with other_engine(DOCKER_CONTAINERD, outer, folder) as (client, found):
        assert has_containerd_store(client)
        yield Docker(client, found, LABEL)
    outer.close()


def test_a_size_is_what_the_layers_take_unpacked(newer: Docker) -> None:
    base = newer.image(BUSYBOX)
    report = newer.build("-", NAME, stdin=TEXT)
    image = newer.image(NAME)
    assert image.size_bytes == report.size_bytes
    assert 0 <= image.size_bytes - base.size_bytes - 5_000_000 < 20_000
    assert 0 <= base.size_bytes - base.content.live_bytes < base.size_bytes / 10


def test_each_step_has_its_line_also_where_it_has_a_mount(newer: Docker) -> None:
    report = newer.build("-", NAME, stdin=TEXT, no_cache=True)
    assert [(step.line, step.stage) for step in report.own_steps] == [(1, ""), (2, "")]


def test_its_files_are_read_where_they_lie(newer: Docker) -> None:
    newer.build("-", NAME, stdin=TEXT)
    image = newer.image(NAME)
    storage = storage_of(newer.client.api.inspect_image(NAME), newer.client.info)
    assert storage is not None
    assert [step.created_by for step in storage.history() or ()] == [
        step["CreatedBy"] for step in reversed(newer.client.api.history(NAME))
    ]
    assert image.files()["zeros"].size_bytes == 5_000_000
    assert [layer.size_bytes for layer in image.layers if not layer.is_empty][-1] == 5_000_000


def test_an_image_of_a_bundle_is_known_again(newer: Docker, tmp_path: Path) -> None:
    newer.build("-", NAME, stdin=TEXT)
    path = tmp_path / "b.tar"
    save_bundle(newer.client, [NAME], path, lambda _: None)
    (kept,) = load_bundle(newer.client, path, lambda _: None)
    assert (kept.source, kept.note) == (Source.ENGINE, "")
    newer.client.api.remove_image(NAME)
    (loaded,) = load_bundle(newer.client, path, lambda _: None)
    assert loaded.source is Source.BUNDLE
    (again,) = load_bundle(newer.client, path, lambda _: None)
    assert (again.source, again.note, again.image_id) == (Source.ENGINE, "", loaded.image_id)
    assert newer.image(NAME).files()["zeros"].size_bytes == 5_000_000
