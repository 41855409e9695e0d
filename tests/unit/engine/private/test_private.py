"""What can be said of a private engine without starting one."""

from __future__ import annotations

import json
import os
import sys
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from helpers.engine.base.mounts import Mount, filesystem_of, parse_mounts
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.private import (
    STORES,
    EngineRelease,
    PrivateEngine,
    daemon_log,
    daemon_settings,
    engine_release,
    private_needs,
)
from helpers.engine.private.bridge import AddressRange
from helpers.errors import InvalidInput, SetupFailed

RANGE = AddressRange(IPv4Network("10.201.0.0/16"))


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))


def test_the_address_is_short_and_its_own() -> None:
    hosts = [PrivateEngine(name).host for name in ("workbook", "t1", "x" * 32)]
    assert hosts[0] == "unix:///run/docker-workbook/docker.sock"
    assert hosts[1] == "unix:///run/docker-workbook-t1/docker.sock"
    assert all(len(host) < 100 for host in hosts)


@pytest.mark.parametrize("name", ["", "-x", "A", "a/b", "../x", "x" * 33])
def test_a_name_that_is_no_folder_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        PrivateEngine(name)


def test_its_repr_is_stable() -> None:
    assert repr(PrivateEngine("t1")) == "PrivateEngine('t1')"


def test_one_that_does_not_run_says_so_and_stops_quietly() -> None:
    engine = PrivateEngine("wbpriv-never")
    assert not engine.is_running()
    engine.stop()


def test_off_linux_the_one_thing_to_do_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SetupFailed, match=r"runs on Linux only\. Install Docker Desktop"):
        PrivateEngine("wbpriv-never").start()


def test_not_root_is_told_to_use_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    engine = PrivateEngine("wbpriv-never")
    with pytest.raises(SetupFailed, match=r"Only root can start .* sudo"):
        engine.start()
    with pytest.raises(SetupFailed, match="Only root"), engine.lease():
        pass


def test_root_without_rights_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    status = "Name:\tx\nCapEff:\t00000000a80425fb\n"  # what a plain container gives its root
    with pytest.raises(SetupFailed, match=r"lacks NET_ADMIN and SYS_ADMIN .*--cap-add NET_ADMIN"):
        private_needs.check_rights(status)
    private_needs.check_rights("CapEff:\t000001ffffffffff\n")


def test_another_c_library_or_kernel_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(private_needs, "c_library", lambda: "")
    with pytest.raises(SetupFailed, match="need glibc") as caught:
        private_needs.check_system()
    assert caught.value.next_step
    monkeypatch.setattr(private_needs, "c_library", lambda: "glibc 2.36")
    monkeypatch.setattr(private_needs, "_has_overlayfs", lambda: False)
    with pytest.raises(SetupFailed, match="has no overlayfs") as caught:
        private_needs.check_system()
    assert "modprobe overlay" in caught.value.next_step


def test_overlayfs_is_looked_for_where_the_kernel_lists_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(private_needs, "program", lambda name: None)
    listed = tmp_path / "filesystems"
    listed.write_text("nodev\tsysfs\n\text4\n")
    assert not private_needs._has_overlayfs(listed)
    listed.write_text("nodev\tsysfs\nnodev\toverlay\n")
    assert private_needs._has_overlayfs(listed)


def test_without_its_programs_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_release, "kept_tree", lambda recipe: None)
    with pytest.raises(SetupFailed, match="not in its cache") as caught:
        PrivateEngine("wbpriv-never").sentence()
    assert "./workbook lab" in caught.value.next_step


@pytest.mark.parametrize(
    ("debian", "docker"),
    [("28.5.2+dfsg1-1", "28.5.2"), ("1:26.1.5-2", "26.1.5"), ("", ""), ("30.0~rc1-1", "30.0~rc1")],
)
def test_the_version_is_dockers_own(debian: str, docker: str) -> None:
    tree = UnpackedTree(Path("/x"), "testing", {"docker.io": debian}, "")
    assert engine_release.engine_version(tree) == docker


def test_each_image_store_has_its_own_data() -> None:
    roots = {PrivateEngine(release=EngineRelease(store=store)).data_root for store in STORES}
    assert {root.name for root in roots} == {"engine-containerd", "engine-classic"}


def test_settings_keep_the_engine_apart_and_bounded(tmp_path: Path) -> None:
    paths = daemon_settings.DaemonPaths(tmp_path / "run", tmp_path / "data", "wb-t1", "group")
    machine = {"registry-mirrors": ["http://m"], "data-root": "/theirs", "hosts": ["fd://"]}
    made = daemon_settings.dockerd_settings(
        paths,
        RANGE,
        version=20,
        store="classic",
        mtu=1400,
        machine=machine,
        programs={"init-path": "/usr/bin/docker-init"},
    )
    assert made["init-path"] == "/usr/bin/docker-init"
    assert made["features"] == {"buildkit": True}, "20.10 has no other store"
    assert made["labels"] == ["workbook.engine=private"]
    assert made["registry-mirrors"] == ["http://m"]
    assert made["data-root"] == str(tmp_path / "data")
    assert made["hosts"] == [f"unix://{tmp_path}/run/docker.sock"]
    assert made["mtu"] == 1400
    assert made["iptables"] is False
    assert made["live-restore"] is False
    assert made["log-opts"] == {"max-size": "5m", "max-file": "2"}
    assert made["cgroup-parent"] == "/group"
    assert made["default-address-pools"] == [{"base": "10.201.128.0/17", "size": 24}]
    assert "deprecated-key-path" in made
    assert made["metrics-addr"] == "10.201.0.1:9323"
    newer = daemon_settings.dockerd_settings(
        paths,
        RANGE,
        version=26,
        store="containerd",
        mtu=None,
        machine={},
        programs={},
    )
    assert {"mtu", "deprecated-key-path"}.isdisjoint(newer)
    assert newer["features"] == {"buildkit": True, "containerd-snapshotter": True}


def test_containerd_gets_folders_of_its_own(tmp_path: Path) -> None:
    import tomllib

    paths = daemon_settings.DaemonPaths(tmp_path / 'a "b"', tmp_path / "data", "b", "g")
    made = tomllib.loads(daemon_settings.containerd_settings(paths))
    assert made["grpc"]["address"] == str(tmp_path / 'a "b"' / "containerd.sock")
    assert made["root"].startswith(str(tmp_path / "data"))


@pytest.mark.parametrize("text", ["", "[]", "{not json", json.dumps({"dns": ["1.1.1.1"]})])
def test_the_machines_settings_may_be_anything(tmp_path: Path, text: str) -> None:
    (tmp_path / "daemon.json").write_text(text)
    expected = {"dns": ["1.1.1.1"]} if "dns" in text else {}
    assert daemon_settings.machine_settings(tmp_path / "daemon.json") == expected
    assert daemon_settings.machine_settings(tmp_path / "none") == {}


LOG = """time="x" level=info msg="Starting up"
time="x" level=error msg="notify stopping failed"
failed to start daemon: error while opening volume store metadata database: timeout
time="x" level=info msg="bye"
"""


def test_the_reason_is_the_fatal_line_else_the_last(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(LOG)
    assert daemon_log.reason(log, 0).startswith("failed to start daemon: error while opening")
    log.write_text('time="x" level=fatal msg="no \\"bolt\\" here"\nlevel=info msg="end"\n')
    assert daemon_log.reason(log, 0) == 'no "bolt" here'
    log.write_text('level=info msg="one"\nlevel=info msg="two"\n')
    assert daemon_log.reason(log, 0) == "two"
    assert daemon_log.reason(log, log.stat().st_size) == "it wrote no log"
    assert daemon_log.reason(tmp_path / "none", 0) == "it wrote no log"


def test_the_log_is_bounded_and_its_end_kept(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("ab") as open_by_a_daemon:
        for number in range(100_000):
            open_by_a_daemon.write(b"line %d of the log\n" % number)
        open_by_a_daemon.flush()
        daemon_log.bound(log)
        open_by_a_daemon.write(b"after\n")
    lines = log.read_bytes().splitlines()
    assert log.stat().st_size < 300_000
    assert lines[0].startswith(b"line ")
    assert lines[-2:] == [b"line 99999 of the log", b"after"]


MOUNTS = """22 27 0:21 / / rw - overlay overlay rw
23 22 8:1 /x /data rw shared:1 - ext4 /dev/sda rw
24 22 8:1 /x /mnt/a\\040b rw - tmpfs tmpfs rw
"""


def test_mounts_are_read_with_their_spaces() -> None:
    found = parse_mounts(MOUNTS)
    assert found[2] == Mount("/mnt/a b", "tmpfs")
    assert filesystem_of(Path("/data/docker"), found) == "ext4"
    assert filesystem_of(Path("/database"), found) == "overlay"
    assert filesystem_of(Path("/mnt/a b"), found) == "tmpfs"
    assert filesystem_of(Path("/x"), []) == "unknown"


def test_the_data_root_avoids_an_overlay(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"/home/me/engine": "overlay", "/var/lib/docker-workbook/engine": "ext4"}
    monkeypatch.setattr(private_needs, "filesystem_of", lambda path: kinds[str(path)])
    chosen = private_needs.default_data_root("engine", Path("/home/me"))
    assert chosen == Path("/var/lib/docker-workbook/engine")
    kinds["/home/me/engine"] = "ext4"
    assert private_needs.default_data_root("engine", Path("/home/me")) == Path("/home/me/engine")
    kinds.update(dict.fromkeys(kinds, "overlay"))
    assert private_needs.default_data_root("engine", Path("/home/me")) == Path("/home/me/engine")
