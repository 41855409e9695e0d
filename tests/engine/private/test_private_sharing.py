"""The private engine among others: other engines, other processes, other users of the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import private_kit as kit
import pytest
from private_world import (
    PROJECT,
    address_of,
    can_fetch,
    dockerds,
    fetch_published,
    finish,
    kill_dockerd,
    lease_in_another_process,
    stranger_engine,
)

from helpers.engine.base.mounts import points_within
from helpers.engine.private import EngineRelease, PrivateEngine, processes
from helpers.errors import SetupFailed

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="a private engine needs Linux and root",
    ),
]


def test_two_engines_beside_each_other(engine: PrivateEngine, store: Path, rootfs: bytes) -> None:
    other = PrivateEngine("wbpriv-t2-with-a-longer-name", data_root=store / "t2" / "data")
    try:
        engine.start()
        other.start()
        with kit.client_of(engine, rootfs) as one, kit.client_of(other, rootfs) as two:
            first = kit.web_server(one, name="web", ports={"80/tcp": ("127.0.0.1", None)})
            second = kit.web_server(two, name="web", ports={"80/tcp": ("127.0.0.1", None)})
            assert first.id != second.id
            assert one.info()["ID"] != two.info()["ID"]
            assert b"hello" in fetch_published(first)
            assert b"hello" in fetch_published(second)
            engine.stop()
            assert b"hello" in fetch_published(second)
            assert can_fetch(two, "bridge", "http://" + address_of(second))
    finally:
        other.remove()


def test_a_stranger_engine_is_not_disturbed(
    engine: PrivateEngine, store: Path, rootfs: bytes
) -> None:
    with stranger_engine(store) as stranger, kit.client_of(stranger, rootfs) as client:
        web = kit.web_server(client, name="wbpriv-stranger", ports={"80/tcp": ("0.0.0.0", None)})
        try:
            address = address_of(web)
            before = {line for line in kit.rules() if address in line}
            assert before
            for _ in range(2):  # on its second start a dockerd would delete docker0
                engine.start()
                assert before <= kit.rules()
                assert b"hello" in fetch_published(web)
                engine.stop()
                assert before <= kit.rules()
                assert b"hello" in fetch_published(web)
            assert can_fetch(client, "bridge", "http://" + address)
            web.reload()
            assert web.status == "running"
        finally:
            web.remove(force=True)
            client.images.remove(kit.IMAGE)


def test_a_killed_engine_is_mended_by_the_next_start(engine: PrivateEngine, rootfs: bytes) -> None:
    before = kit.picture()
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        kit.web_server(client, name="orphan", ports={"80/tcp": ("127.0.0.1", None)}).pause()
    kill_dockerd(engine)
    assert not engine.is_running()
    engine.start()
    with kit.client_of(engine) as client:
        orphan = client.containers.get("orphan")
        assert orphan.status == "exited"
        orphan.start()
        assert b"hello" in fetch_published(orphan)
    during, sockets = kit.picture(), kit.shim_sockets(engine)
    kill_dockerd(engine)
    engine.stop()
    assert not any(path.exists() for path in sockets)
    assert kit.processes_of(engine) == {}
    assert kit.left_over(before, during, kit.picture()) == []


def test_after_a_kill_of_all_its_processes_nothing_is_mounted_and_it_starts(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    before = kit.picture()
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        kit.web_server(client, name="orphan", ports={"80/tcp": ("127.0.0.1", None)})
    during = kit.picture()
    while pids := kit.processes_of(engine):
        processes.send(signal.SIGKILL, pids)
        processes.wait_ended(pids, 10)
    assert not [point for point in points_within(engine.data_root) if "overlay" in point]
    engine.start()
    with kit.client_of(engine) as client:
        client.containers.get("orphan").start()
    engine.stop()
    assert kit.left_over(before, during, kit.picture()) == []


def test_another_image_store_is_not_taken_for_the_one_that_runs(
    engine: PrivateEngine, store: Path
) -> None:
    release = EngineRelease(store="classic")
    other = PrivateEngine(engine.name, data_root=store / "t3" / "data", release=release)
    engine.start()
    assert other.running_store() == "containerd"
    with pytest.raises(SetupFailed, match="runs already, with the containerd image store"):
        other.start()
    engine.stop()
    other.start()
    with kit.client_of(other) as client:
        assert client.info()["Driver"] == "overlay2"
    other.remove()


def test_leases_across_processes(engine: PrivateEngine) -> None:
    holders = [lease_in_another_process(engine) for _ in range(3)]
    for holder in holders:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
    assert len(dockerds(engine)) == 1
    finish(holders[0])
    assert engine.is_running()
    with engine.lease():
        holders[1].kill()
        finish(holders[1])
        finish(holders[2])
        assert engine.is_running()
    assert not engine.is_running()
    assert kit.processes_of(engine) == {}
    assert not [path for path in Path("/run").iterdir() if "wbpriv-t1" in path.name]


def test_ctrl_c_in_the_terminal_does_not_reach_it(engine: PrivateEngine) -> None:
    engine.start()
    for pid in kit.processes_of(engine):
        assert os.getsid(pid) != os.getsid(0)
        assert os.getpgid(pid) != os.getpgid(0)


def test_forwarding_is_as_it_was(store: Path) -> None:
    """In a network namespace of its own, where forwarding is off and no other engine runs."""
    program = (
        "import pathlib, sys; from helpers.engine.private.private_engine import PrivateEngine\n"
        "from helpers.engine.private import firewall\n"
        "def show(): print(pathlib.Path('/proc/sys/net/ipv4/ip_forward').read_text().strip(),\n"
        "    firewall.chains().get('filter', {}).get('FORWARD', 'ACCEPT'))\n"
        "show(); engine = PrivateEngine('wbpriv-ns', data_root=pathlib.Path(sys.argv[1]))\n"
        "engine.start(); show(); engine.stop(); show()"
    )
    prepare = "mount -t tmpfs tmpfs /run; echo 0 > /proc/sys/net/ipv4/ip_forward; exec "
    done = subprocess.run(
        [
            *("unshare", "--net", "--mount", "sh", "-ec", prepare + '"$@"', "sh"),
            *(sys.executable, "-c", program, str(store / "ns")),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["0 ACCEPT", "1 DROP", "0 ACCEPT"], done.stderr


def test_an_impatient_ctrl_c_does_not_cut_the_stop_short(engine: PrivateEngine) -> None:
    holder = lease_in_another_process(engine)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    while holder.poll() is None:  # a learner who keeps pressing until the prompt is back
        os.killpg(holder.pid, signal.SIGINT)
        time.sleep(0.05)
    finish(holder)
    assert not engine.is_running()
    assert kit.processes_of(engine) == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_script_that_is_told_to_end_stops_it(engine: PrivateEngine, number: int) -> None:
    holder = lease_in_another_process(engine)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    while holder.poll() is None:  # one comes in the midst of the end, another when it is over
        holder.send_signal(number)
        time.sleep(0.05)
    finish(holder)
    assert holder.returncode in (128 + number, -number)
    assert not engine.is_running()
    assert kit.processes_of(engine) == {}


def test_signals_that_somebody_sees_to_are_left_to_them(engine: PrivateEngine) -> None:
    def mine(number: int, frame: object) -> None:
        raise AssertionError("nobody sent it")

    before = signal.signal(signal.SIGTERM, mine)
    try:
        with engine.lease():
            assert signal.getsignal(signal.SIGTERM) is mine
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with engine.lease():
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)
