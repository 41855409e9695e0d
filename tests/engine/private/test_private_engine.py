"""The private engine by itself: started, used, stopped, and what stops it from starting."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import private_kit as kit
import pytest
from private_world import can_fetch, far_server, fetch, fetch_published, wait_for

from helpers.engine.private import PrivateEngine
from helpers.errors import SetupFailed

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0,
        reason="a private engine needs Linux and root",
    ),
]


def test_run_serve_reach_out_and_leave_nothing(engine: PrivateEngine, rootfs: bytes) -> None:
    with far_server() as far:
        before = kit.picture()
        engine.start()
        with kit.client_of(engine, rootfs) as client:
            assert client.info()["Labels"] == ["workbook.engine=private"]
            client.networks.create("wbpriv-net")
            web = kit.web_server(client, ports={"80/tcp": None}, network="wbpriv-net")
            assert b"hello" in fetch_published(web)
            assert fetch(client, "bridge", far) == (0, b"from afar")
            during, running = kit.picture(), kit.processes_of(engine)
            sockets = kit.shim_sockets(engine)
            web.pause()
        engine.stop()
        after = kit.picture()
    for kind in ("link", "address", "route", "rule", "group", "file"):
        assert any(line.startswith(kind) for line in during - before), kind
    assert not any(line.startswith("mount") for line in during - before), "it has its own"
    assert kit.left_over(before, during, after) == []
    assert not {line for line in after - before if "wbpriv" in line}
    assert sockets
    assert not any(path.exists() for path in sockets)
    assert len(running) >= 4  # dockerd, containerd, a shim, httpd
    assert kit.processes_of(engine) == {}


def test_the_bridge_is_the_same_to_its_neighbours_as_containers_come_and_go(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        seen = [kit.hardware_address(engine)]
        for _ in range(2):
            web = kit.web_server(client)
            seen.append(kit.hardware_address(engine))
            web.remove(force=True)
    assert [*seen, kit.hardware_address(engine)] == seen[:1] * 4


def test_networks_are_walled_off_and_survive_a_restart(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        client.volumes.create("wbpriv-volume")
        for name in ("one", "two"):
            client.networks.create(f"wbpriv-{name}")
        kit.web_server(client, name="kept", network="wbpriv-one")
    engine.stop()
    engine.start()
    with kit.client_of(engine) as client:
        assert [volume.name for volume in client.volumes.list()] == ["wbpriv-volume"]
        web = client.containers.get("kept")
        assert web.status == "exited"
        web.start()
        web.reload()
        address = web.attrs["NetworkSettings"]["Networks"]["wbpriv-one"]["IPAddress"]
        wait_for(lambda: can_fetch(client, "wbpriv-one", "http://kept"))  # the engine's own DNS
        assert can_fetch(client, "wbpriv-one", f"http://{address}")
        assert not can_fetch(client, "wbpriv-two", f"http://{address}")
        assert not can_fetch(client, "bridge", f"http://{address}")


def test_a_range_that_somebody_took_meanwhile_is_left_to_them(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        client.networks.create("wbpriv-one")
        kit.web_server(client, name="kept")
    engine.stop()
    with kit.taken(kit.range_of(engine)):
        engine.start()
        with kit.client_of(engine) as client:
            assert [each.name for each in client.networks.list(["wbpriv-one"])] == []
            client.containers.get("kept").start()
            client.networks.create("wbpriv-one")
            web = kit.web_server(client, network="wbpriv-one")
            assert can_fetch(client, "wbpriv-one", f"http://{web.id[:12]}")
        engine.stop()


def test_swarm_leaves_nothing(engine: PrivateEngine) -> None:
    before = kit.picture()
    engine.start()
    with kit.client_of(engine) as client:
        client.swarm.init(advertise_addr="127.0.0.1")
        wait_for(lambda: Path("/sys/class/net/docker_gwbridge").exists())
        during = kit.picture()
    engine.stop()
    assert kit.left_over(before, during, kit.picture()) == []


def test_containers_that_ignore_sigterm_do_not_hold_up_the_stop(
    engine: PrivateEngine, rootfs: bytes
) -> None:
    engine.start()
    with kit.client_of(engine, rootfs) as client:
        policy = {"Name": "unless-stopped"}
        client.containers.run(
            kit.IMAGE, ["sleep", "1000"], name="deaf", detach=True, restart_policy=policy
        )
    begin = time.monotonic()
    engine.stop()
    assert time.monotonic() - begin < 10, "docker waits ten seconds for each that ignores it"
    engine.start()
    with kit.client_of(engine) as client:
        assert client.containers.get("deaf").status == "running"


def test_a_full_disk_is_said_plainly(store: Path) -> None:
    place = store / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=True)
    try:
        (place / "filler").write_bytes(bytes(1_000_000))
        engine = PrivateEngine("wbpriv-full", data_root=place / "data")
        with pytest.raises(SetupFailed, match="is full, so the private engine cannot start"):
            engine.start()
        assert kit.processes_of(engine) == {}
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_start_that_fails_tells_the_log_and_leaves_nothing(
    engine: PrivateEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kit.picture()
    (engine.data_root / "volumes").mkdir(parents=True)
    (engine.data_root / "volumes" / "metadata.db").mkdir()  # where dockerd wants a file
    with pytest.raises(SetupFailed, match=r"private engine's dockerd stopped at once: .*metadata"):
        engine.start()
    assert not {line for line in kit.picture() - before if "wbpriv" in line}
    assert kit.processes_of(engine) == {}


def test_only_root_may(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupFailed, match="Only root can start"):
        PrivateEngine("wbpriv-user", data_root=store / "data").start()
    assert not (store / "data").exists()
