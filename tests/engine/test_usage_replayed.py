"""What the docker CLI itself makes of the recorded answers of other engines, against ours."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from helpers.model.container.limits import Limits
from helpers.model.usage.stats_answer import previous_reading_of, reading_of
from helpers.model.usage.usage import usage_between
from tests.engine.test_usage_agreement import ROUNDED, cli_shows
from tests.unit.fake_engine import fake_engine

FOLDER = Path(__file__).resolve().parents[1] / "recorded" / "stats"

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("docker") is None, reason="the docker CLI is the reference"),
]


@pytest.mark.parametrize("recorded", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["busy", "idle", "onhost"])
def test_the_cli_shows_the_same(recorded: Path, name: str, tmp_path: Path) -> None:
    container: dict[str, Any] = json.loads(recorded.read_text("utf-8"))["containers"][name]
    answer = container["stats"]
    answers: dict[str, tuple[int, object]] = {
        "/_ping": (200, "OK"),
        "/version": (200, {"Os": "linux"}),  # a CLI of 20.10 asks for it before it shows anything
        f"/containers/{name}/stats": (200, answer),
    }
    with fake_engine(tmp_path / "engine.sock", answers) as host:
        (shown,) = cli_shows(host, [name]).values()
    reading = reading_of(answer, Limits.from_inspect(container["inspect"]))
    assert reading is not None
    used = usage_between(previous_reading_of(answer), reading)
    if used.cpu_percent is not None:
        assert shown.cpu_percent == pytest.approx(used.cpu_percent, abs=0.01)
    assert shown.memory_bytes == pytest.approx(used.memory_bytes, rel=ROUNDED)
    assert shown.memory_limit_bytes == pytest.approx(used.memory_limit_bytes, rel=ROUNDED)
    network = (used.network_rx_bytes or 0, used.network_tx_bytes or 0)
    assert shown.network == pytest.approx(network, rel=ROUNDED)
    block = (used.block_read_bytes or 0, used.block_write_bytes or 0)
    assert shown.block == pytest.approx(block, rel=ROUNDED)
    assert shown.pids == used.pids
