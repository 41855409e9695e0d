"""Walls of real containers: as the kernel has them, by each way of reading, and tried."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.sdk import is_here
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.isolation.feed import IsolationFeed
from helpers.engine.isolation.reader import BY_EXEC, BY_HOST, BY_SIBLING, WallReader
from helpers.engine.isolation.stage import IN_A_TWIN, IN_IT
from helpers.engine.isolation.trials import Trials
from helpers.errors import InvalidInput
from helpers.model.isolation.namespaces import KINDS
from helpers.model.isolation.proc_parts import PARTS
from helpers.model.isolation.trial import Outcome
from helpers.model.isolation.walls import SideBySide
from tests.engine.isolation_kit import (
    OPTION_SETS,
    container_with,
    counted,
    tried,
)

pytestmark = pytest.mark.engine

NAME, OTHER = "wbt-wall", "wbt-wall-2"
# Started by its own name, so that nothing of it is called sh or busybox.
SHELL_LESS = """\
FROM scratch
COPY --from=busybox:1.37 /bin/busybox /busybox-alone
CMD ["/busybox-alone", "sleep", "600"]
"""


@pytest.fixture
def reader(docker: Docker) -> WallReader:
    return WallReader(docker.client, docker.lesson)


@pytest.fixture(autouse=True)
def nothing_is_left(docker: Docker) -> Iterator[None]:
    """Afterwards no sibling is there, and no thread of a feed."""
    yield
    names = [name for one in docker.client.api.containers(all=True) for name in one["Names"]]
    assert [name for name in names if "workbook-look" in name] == []
    lasting = [t.name for t in threading.enumerate() if t.name.startswith("walls of two")]
    assert lasting == []


def pid_of(docker: Docker, container: Container) -> int:
    return int(docker.client.api.inspect_container(container.id)["State"]["Pid"])


def of_the_kernel(docker: Docker, container: Container, part: str) -> str:
    """What the kernel says of its first process, read on the engine's own machine."""
    if not is_here(docker.client):
        pytest.skip("the engine's processes are on another machine")
    return Path(f"/proc/{pid_of(docker, container)}/{part}").read_text(encoding="utf-8")


def decoded(mask: str) -> set[str]:
    """The names that libcap's capsh has for a mask."""
    capsh = shutil.which("capsh", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if capsh is None:
        pytest.skip("libcap's capsh is not on this machine")
    answer = subprocess.run([capsh, f"--decode={mask}"], capture_output=True, text=True, check=True)
    return set(answer.stdout.strip().partition("=")[2].upper().split(",")) - {""}


@pytest.mark.parametrize("kind", OPTION_SETS)
def test_lamps_and_facts_are_the_kernels(docker: Docker, reader: WallReader, kind: str) -> None:
    user, options = OPTION_SETS[kind]
    box = container_with(docker, NAME, user, options)
    walls = reader.walls(box.id)
    text = of_the_kernel(docker, box, "status")
    fields = dict(re.findall(r"^(\w+):\s*(.*)$", text, re.MULTILINE))
    status = walls.status
    assert status is not None
    assert status.effective == decoded(fields["CapEff"])
    assert status.bounding == decoded(fields["CapBnd"])
    assert status.user == int(fields["Uid"].split()[1])
    assert status.seccomp == int(fields["Seccomp"])
    assert status.no_new_privileges is (fields["NoNewPrivs"] == "1")
    for name in walls.namespaces:
        link = Path(f"/proc/{pid_of(docker, box)}/ns/{name}").readlink()
        assert str(link) == f"{name}:[{walls.namespaces[name]}]"
    mounts = of_the_kernel(docker, box, "mountinfo").splitlines()
    assert walls.mounts is not None
    assert [mount.path for mount in walls.mounts] == [line.split()[4] for line in mounts]
    assert walls.source == BY_EXEC
    assert walls.troubles == {}


def test_both_ways_of_reading_agree(docker: Docker, reader: WallReader) -> None:
    box = container_with(docker, NAME, "1234", {"cap_drop": ["KILL"]})
    by_exec = reader.walls(box.id)
    box.pause()
    by_sibling = reader.walls(box.id)
    box.unpause()
    assert (by_exec.source, by_sibling.source) == (BY_EXEC, BY_SIBLING)
    assert by_sibling.namespaces == by_exec.namespaces
    assert by_sibling.mounts == by_exec.mounts
    assert by_exec.status is not None
    assert by_sibling.status is not None
    assert by_sibling.status.effective == by_exec.status.effective
    assert by_sibling.status.user == by_exec.status.user == 1234


def test_a_container_without_a_shell_is_read_and_tried(docker: Docker, reader: WallReader) -> None:
    docker.build("-", tag="wbt-shell-less", stdin=SHELL_LESS)
    options = {"cap_drop": ["ALL"], "cap_add": ["SETGID", "NET_RAW"]}
    box = container_with(docker, NAME, "", options, "wbt-shell-less")
    now = reader.side_by_side(box.id, box.id)
    assert now.a.source == BY_SIBLING
    assert now.a.troubles == {}
    assert now.a.status is not None
    assert now.a.status.effective == {"CAP_SETGID", "CAP_NET_RAW"}
    trials = Trials(reader)
    outcomes = {
        cap: trials.trial(box.id, cap, now, 0) for cap in ("CAP_SETGID", "CAP_NET_RAW", "CAP_KILL")
    }
    assert {cap: trial.outcome for cap, trial in outcomes.items()} == {
        "CAP_SETGID": Outcome.ALLOWED,
        "CAP_NET_RAW": Outcome.ALLOWED,
        "CAP_KILL": Outcome.REFUSED,
    }
    assert {trial.where for trial in outcomes.values()} == {IN_A_TWIN}


def test_namespaces_are_counted_from_both_sides(docker: Docker, reader: WallReader) -> None:
    one = container_with(docker, NAME, "", {})
    other = container_with(docker, OTHER, "", {"network_mode": f"container:{one.id}"})
    now = reader.side_by_side(one.id, other.id)
    assert now.between("net") is True
    assert now.between("pid") is False
    assert [now.with_host(side, kind) for side in (0, 1) for kind in ("pid", "net", "uts")] == [
        *(False,) * 6
    ]
    for kind, inode in now.host.namespaces.items():
        link = str(Path(f"/proc/self/ns/{kind}").readlink())
        assert link == f"{kind}:[{inode}]" or kind in ("mnt", "cgroup", "user"), kind
    assert set(now.host.namespaces) | set(now.host.troubles) == set(KINDS)


def test_a_container_in_the_hosts_processes_is_read_by_its_number(
    docker: Docker, reader: WallReader
) -> None:
    """Process 1 is not its own there; a shell in it would read the host's first process."""
    box = container_with(docker, NAME, "", {"pid_mode": "host", "cap_drop": ["ALL"]})
    now = reader.side_by_side(box.id, box.id)
    assert now.a.source == BY_HOST
    assert now.a.status is not None
    assert now.a.status.effective == frozenset()
    assert now.with_host(0, "pid") is True
    assert now.with_host(0, "net") is False


def test_what_does_not_run_has_no_walls(docker: Docker, reader: WallReader) -> None:
    box = container_with(docker, NAME, "", {})
    box.kill()
    walls = reader.walls(box.id)
    assert set(walls.troubles) == set(PARTS)
    assert walls.why_not("status") == "it is exited: without a process there are no walls"
    now = reader.side_by_side(box.id, box.id)
    assert Trials(reader).trial(box.id, "CAP_CHOWN", now, 0).answer == "it is exited"
    box.remove()
    assert reader.walls(box.id).why_not("uid_map") == "it was removed"
    with pytest.raises(InvalidInput, match="CAP_MAGIC"):
        Trials(reader).trial(box.id, "CAP_MAGIC", now, 0)


@pytest.mark.slow
def test_dockers_own_choice_is_tried(docker: Docker) -> None:
    trials = tried(docker, "", {})
    assert counted(trials, Outcome.ALLOWED) >= {
        *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"),
        *("NET_RAW", "SYS_CHROOT", "MKNOD"),
    }
    assert counted(trials, Outcome.REFUSED) >= {
        *("NET_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_ADMIN", "SYS_NICE", "SYS_TIME", "SYSLOG")
    }
    assert {trial.where for trial in trials} == {IN_IT}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["drop-all", "user-added", "read-only-hosts-memory"])
def test_acts_agree_with_lamps(docker: Docker, kind: str) -> None:
    user, options = OPTION_SETS[kind]
    trials = tried(docker, user, options)
    is_root_of_all = kind == "read-only-hosts-memory"
    assert {trial.where for trial in trials} == {IN_A_TWIN if is_root_of_all else IN_IT}
    if not is_root_of_all:
        assert counted(trials, Outcome.ALLOWED) == set()


def test_a_feed_reads_again_when_something_happens(docker: Docker, reader: WallReader) -> None:
    one = container_with(docker, NAME, "", {})
    other = container_with(docker, OTHER, "", {})
    feed = IsolationFeed(reader, one, other)
    news = threading.Condition()
    heard: list[SideBySide] = []

    def take(now: SideBySide) -> None:
        with news:
            heard.append(now)
            news.notify_all()

    feed.start(take)
    try:
        other.kill()
        with news:
            assert news.wait_for(lambda: heard and not heard[-1].b.namespaces, 30)
        other.start()
        with news:
            assert news.wait_for(lambda: heard and heard[-1].b.namespaces, 30)
        assert heard[-1].b.namespaces == reader.walls(other.id).namespaces
        assert heard[-1].a.namespaces == feed.newest.a.namespaces
    finally:
        feed.stop()
    assert not feed.is_running
