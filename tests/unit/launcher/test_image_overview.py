"""`./workbook images`: what it says of an image that is here, and of one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.launcher.engine_for import Choice
from helpers.launcher.image_overview import rows, show
from tests.unit.fake_engine import fake_engine

LAYER = "sha256:1"
# A list and an inspection as of containerd's store: `Size` counts what is packed as well.
ANSWERS = {
    "/version": (200, {"ApiVersion": "1.47"}),
    "/info": (200, {"ID": "engine-1"}),
    "/images/json": (
        200,
        [{"Id": "sha256:b", "Size": 6_550_000, "RepoTags": ["busybox:1.37"], "Labels": None}],
    ),
    "/images/sha256:b/json": (
        200,
        {"Id": "sha256:b", "Size": 2_160_000, "RootFS": {"Layers": [LAYER]}},
    ),
    "/images/sha256:b/history": (200, [{"Id": "sha256:b", "Size": 4_280_000}]),
}


def test_an_image_has_the_size_that_it_tells_of_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    with fake_engine(tmp_path / "engine.sock", dict(ANSWERS)) as host:
        lines = rows(Choice(Endpoint(host, "a test")))
    sizes = {line.image.name: line.size_bytes for line in lines}
    assert sizes["busybox:1.37"] == 4_280_000
    assert sizes["registry:3"] is None
    show(lines)
    shown = capsys.readouterr().out
    assert "4.28 MB" in shown
    assert "was on this engine before" in shown
    assert "→ `./workbook images fetch` brings what is missing." in shown
