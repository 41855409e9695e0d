from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.engine.private.leases import Leases, exclusive

pytestmark = pytest.mark.skipif(os.name == "nt", reason="private engines and flock are Unix's")
PROJECT = Path(__file__).parents[4]
HOLD = (
    "import sys, pathlib; from helpers.engine.private.leases import Leases\n"
    "held = Leases(pathlib.Path(sys.argv[1])).take(); print('held', flush=True); sys.stdin.read()"
)


def test_leases_count_until_they_are_dropped(tmp_path: Path) -> None:
    leases = Leases(tmp_path / "leases")
    assert leases.living() == 0
    first, second = leases.take(), leases.take()
    assert leases.living() == 2
    first.drop()
    assert leases.living() == 1
    second.drop()
    assert leases.living() == 0
    assert list(leases.folder.iterdir()) == []


def test_a_killed_process_does_not_count(tmp_path: Path) -> None:
    leases = Leases(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert leases.living() == 1
        holder.kill()
        holder.wait()
        assert leases.living() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_child_does_not_inherit_a_lease(tmp_path: Path) -> None:
    leases = Leases(tmp_path)
    held = leases.take()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        held.drop()
        assert leases.living() == 0
        child.kill()


def test_one_at_a_time_and_no_file_stays(tmp_path: Path) -> None:
    lock, inside, most = tmp_path / "lock", 0, 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(50):
            with exclusive(lock):
                inside += 1
                most = max(most, inside)
                os.sched_yield()
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 1
    assert not lock.exists()


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with pytest.raises(RuntimeError), exclusive(lock):
        raise RuntimeError
    with exclusive(lock):
        assert lock.exists()
