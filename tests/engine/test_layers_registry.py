"""An image in a real registry reads as it does on the engine that pushed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.docker import Docker
from helpers.engine.layers import analyse, analyse_registry
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.engine


def test_what_was_pushed_reads_the_same(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = docker.run("registry:2", name="wblay-registry", ports={5000: ("127.0.0.1", 0)})
    registry.wait_until_ready("/v2/", seconds=30)
    host = registry.url(5000).removeprefix("http://").rstrip("/")
    api = docker.client.api
    api.tag(BUSYBOX, f"{host}/wblay", "1")
    try:
        said = api.push(f"{host}/wblay", "1")
        assert "errorDetail" not in said, said
        monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "engine"))
        ours = analyse(docker.client, BUSYBOX, use_storage=False)
        monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "registry"))
        theirs = analyse_registry(f"{host}/wblay:1")
    finally:
        api.remove_image(f"{host}/wblay:1")
    assert theirs.files() == ours.files()
    assert theirs.layers == ours.layers
