"""What real containers use, asked once or in a loop."""

from __future__ import annotations

import pytest

from helpers.engine.docker import Docker
from helpers.engine.tables import stats_table
from helpers.engine.usage import first_tick
from helpers.errors import InvalidInput, NotReady
from tests.engine.conftest import BUSYBOX
from tests.engine.test_usage_feed import BUSY, NAME, threads_left

pytestmark = pytest.mark.engine


def test_usage_of_a_container_as_a_loop(docker: Docker) -> None:
    box = docker.run(BUSYBOX, BUSY, name=NAME, cpus=0.2)
    used = list(box.usage(seconds=1, every=0.2))
    assert 3 <= len(used) <= 7
    assert all(one.cpu_percent is not None for one in used)
    assert docker.commands[-1] == f"docker stats {NAME}"
    for one in box.usage(seconds=60, every=0.1):
        assert one.memory_bytes
        break
    assert threads_left() == []


def test_the_loop_ends_with_the_container(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    count = 0
    for _ in box.usage(seconds=60, every=0.1):
        count += 1
        if count == 3:
            box.kill()
    assert count >= 3
    with pytest.raises(NotReady, match="is exited, so it uses nothing"):
        box.usage()


def test_a_pace_that_cannot_be_kept(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "sleep 600", name=NAME)
    for pace in (0, 0.001):
        with pytest.raises(InvalidInput, match="no pace that can be kept"):
            list(box.usage(every=pace))
    for nonsense in (-1, float("nan")):
        with pytest.raises(InvalidInput, match="is no duration"):
            list(box.usage(every=nonsense))


def test_the_table_of_all_that_run(docker: Docker) -> None:
    box = docker.run(BUSYBOX, BUSY, name=NAME, cpus=0.2, memory="32m")
    docker.run(BUSYBOX, "true", name=f"{NAME}-2", detach=False)
    table = docker.stats().set_index("name")
    assert f"{NAME}-2" not in table.index
    assert table.loc[NAME, "memory limit"] == "32 MiB"
    assert table.loc[NAME, "cpu"].endswith(" %")
    assert docker.commands[-1] == "docker stats --no-stream"
    assert box.id in first_tick(docker.client, [box.id]).usages


def test_the_table_of_none_comes_at_once(docker: Docker) -> None:
    box = docker.run(BUSYBOX, "true", name=NAME, detach=False)
    assert stats_table(first_tick(docker.client, [])).empty
    assert stats_table(first_tick(docker.client, [box.id])).empty
