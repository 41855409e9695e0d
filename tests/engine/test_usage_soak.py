"""Half a minute of watching, with containers that come and go, leaves nothing in the process."""

from __future__ import annotations

import pytest

from benchmarks.stats_soak import soak
from helpers.engine.docker import Docker
from tests.engine.conftest import BUSYBOX


@pytest.mark.slow
@pytest.mark.parametrize("files", [True, False], ids=["files", "api"])
def test_nothing_is_left_over(docker: Docker, files: bool) -> None:
    found = soak(docker, BUSYBOX, 15, files)
    assert found.rounds >= 5
    assert found.ticks >= 10
    assert found.nothing_left, str(found)
