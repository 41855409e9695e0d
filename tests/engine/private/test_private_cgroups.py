"""The control group of a private engine on a real cgroup v2 tree, as it is inside a container."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.mounts import Mount
from helpers.engine.private.cgroups import ControlGroup

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="to make control groups needs Linux and root",
    ),
]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A group of the v2 tree that plays the root that a container sees (it has cgroup.type)."""
    subprocess.run(["mount", "-t", "cgroup2", "cgroup2", str(tmp_path)], check=True)
    group = tmp_path / f"wbpriv-{os.getpid()}"
    group.mkdir()
    yield group
    for place, _, _ in os.walk(group, topdown=False):
        Path(place).rmdir()
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.fixture
def process(tree: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody's in that group."""
    with subprocess.Popen(["sleep", "600"]) as process:
        (tree / "cgroup.procs").write_text(str(process.pid))
        yield process
        process.kill()


def test_processes_step_aside_and_return(tree: Path, process: subprocess.Popen[bytes]) -> None:
    group = ControlGroup("engine", [Mount(str(tree), "cgroup2")], root=str(tree.parent))
    assert group.is_v2
    group.create()
    assert (tree / "engine").is_dir()
    assert pids(tree) == []
    assert pids(tree / "engine.outside") == [process.pid]
    group.remove()
    assert pids(tree) == [process.pid]
    assert [path for path in tree.iterdir() if path.is_dir()] == []


def test_kill_ends_frozen_processes_too(tree: Path, process: subprocess.Popen[bytes]) -> None:
    group = ControlGroup("engine", [Mount(str(tree), "cgroup2")], root=str(tree.parent))
    group.create()
    container = tree / "engine" / "container"
    container.mkdir()
    (container / "cgroup.procs").write_text(str(process.pid))
    (container / "cgroup.freeze").write_text("1")
    group.kill()
    process.wait(5)  # of 600
    group.remove()
    assert not (tree / "engine").exists()


def pids(group: Path) -> list[int]:
    return [int(pid) for pid in (group / "cgroup.procs").read_text().split()]
