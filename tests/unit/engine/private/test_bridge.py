from __future__ import annotations

import subprocess
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import ClassVar

import pytest

from helpers.engine.private import bridge, engine_release, firewall, network_records, network_tools
from helpers.errors import SetupFailed

RECORD = (
    b'{"created":"2026-01-01","id":"%s","inDelete":%s,"ingress":false,"labels":null,'
    b'"name":"%s","networkType":"bridge","scope":"local"}'
)


def record(name: bytes, deleted: bytes = b"false") -> bytes:
    return RECORD % (name * 2, deleted, name)


def test_device_names_fit_the_kernel_and_differ() -> None:
    names = ["workbook", "t1", "a-name-of-more-than-fifteen", "a-name-of-more-than-fifteem"]
    devices = [bridge.bridge_name(name) for name in names]
    assert devices[:2] == ["workbook0", "wb-t1"]
    assert len(set(devices)) == len(names)
    assert all(len(device) <= 15 for device in devices)


def test_a_range_overlaps_nothing_that_is_taken() -> None:
    taken = [IPv4Network("10.0.0.0/8"), IPv4Network("172.31.4.0/24")]
    chosen = bridge.choose_range("workbook", taken)
    assert not any(chosen.whole.overlaps(other) for other in taken)


def test_a_range_is_the_same_each_time_and_the_last_one_comes_first() -> None:
    first = bridge.choose_range("workbook", [])
    assert bridge.choose_range("workbook", []) == first
    assert str(bridge.choose_range("workbook", [], last="10.240.0.0/16").whole) == "10.240.0.0/16"
    assert bridge.choose_range("workbook", [IPv4Network("10.240.1.0/24")], "10.240.0.0/16") == first


def test_no_range_left_is_said() -> None:
    with pytest.raises(SetupFailed, match="Every private address range is in use"):
        bridge.choose_range("workbook", [IPv4Network("0.0.0.0/0")])


def test_networks_of_a_range_do_not_overlap() -> None:
    addresses = bridge.AddressRange(IPv4Network("10.201.0.0/16"))
    assert addresses.gateway == "10.201.0.1"
    assert addresses.gateway_hardware == "02:42:0a:c9:00:01"
    assert not addresses.bridge.overlaps(addresses.pool)
    assert len(addresses.networks) == 129
    assert all(network.subnet_of(addresses.whole) for network in addresses.networks)


def test_routes_are_read_without_the_default_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = (
        '[{"dst":"default"},{"dst":"0.0.0.0/1"},{"dst":"10.8.0.0/24"},'
        '{"type":"local","dst":"192.0.2.2"}]'
    )
    monkeypatch.setattr(bridge, "run", lambda *words: answer)
    assert bridge.taken_networks() == [IPv4Network("10.8.0.0/24"), IPv4Network("192.0.2.2/32")]


def test_own_links_are_those_in_the_engines_records(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = network_records.database_of(tmp_path)
    database.parent.mkdir(parents=True)
    database.write_bytes(b'{"BridgeName":"br-1"} {"BridgeName":"docker_gwbridge"}')
    there = [
        {"ifname": "wb-t1"},
        {"ifname": "br-1"},
        {"ifname": "br-11"},
        {"ifname": "docker_gwbridge"},
        {"ifname": "veth1", "master": "br-1"},
        {"ifname": "veth2", "master": "br-11"},
    ]
    monkeypatch.setattr(bridge, "links", lambda: there)
    own = bridge.own_links("wb-t1", tmp_path, before=["docker_gwbridge"])
    assert own == ["veth1", "wb-t1", "br-1"]


def test_only_the_default_networks_record_is_marked() -> None:
    content = b"\0".join([record(b"host"), record(b"bridge"), record(b"mine")])
    marked = network_records.mark_as_deleted(content)
    assert marked is not None
    assert len(marked) == len(content)
    assert marked == content.replace(record(b"bridge"), record(b"bridge", b"true "))
    assert network_records.mark_as_deleted(marked) == marked


def test_a_record_of_another_form_is_not_touched() -> None:
    assert network_records.mark_as_deleted(b'{"name":"bridge","driver":"bridge"}') is None


def test_unknown_records_stop_the_start_where_docker0_is_at_stake(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = network_records.database_of(tmp_path)
    database.parent.mkdir(parents=True)
    database.write_bytes(b'{"name":"bridge"}')
    monkeypatch.setattr("socket.if_nameindex", lambda: [(1, "lo")])
    network_records.forget_default_network(tmp_path)
    monkeypatch.setattr("socket.if_nameindex", lambda: [(1, "lo"), (2, "docker0")])
    with pytest.raises(SetupFailed, match="could take away docker0"):
        network_records.forget_default_network(tmp_path)


OURS = IPv4Network("10.201.0.0/16")
BRIDGE = (
    b'{"AddressIPv4":"%s","BridgeIfaceCreator":2,"BridgeName":"%s","DefaultBridge":true,'
    b'"DefaultGatewayIPv4":"\\u003cnil\\u003e","ID":"0","Mtu":1500}'
)


def bridge_record(address: bytes, device: bytes = b"wb-t1") -> bytes:
    return BRIDGE % (address, device)


@pytest.mark.parametrize(
    ("records", "is_elsewhere"),
    [
        ([bridge_record(b"10.201.0.1/24")], False),
        ([bridge_record(b"10.202.0.1/24")], True),
        ([bridge_record(b"10.202.0.1/24"), bridge_record(b"10.203.0.1/24")], True),
        ([bridge_record(b"10.202.0.1/24"), bridge_record(b"10.201.0.1/24")], False),
        ([bridge_record(b"10.201.0.1/24"), bridge_record(b"10.202.0.1/24")], False),
        ([bridge_record(b"10.202.128.1/24", b"br-1")], False),
        ([bridge_record(b"10.202.0.1/24", b"wb-t12")], False),
        ([bridge_record(b"10.202.128.1/24", b"br-1"), bridge_record(b"10.201.0.1/24")], False),
        ([bridge_record(b"10.202.128.1/24", b"br-1"), b'{"BridgeName":"wb-t1"}'], False),
        ([bridge_record(b"10.999.0.1/24")], False),
        ([b'{"BridgeName":"wb-t1"}'], False),
        ([record(b"bridge")], False),
        ([], False),
    ],
)
def test_a_bridge_is_elsewhere_where_no_record_of_it_is_of_the_range(
    records: list[bytes], is_elsewhere: bool
) -> None:
    content = b"\0".join(records)
    assert network_records.is_bridge_elsewhere(content, "wb-t1", OURS) is is_elsewhere


def test_records_of_another_range_are_found_until_they_are_forgotten(tmp_path: Path) -> None:
    assert not network_records.are_of_another_range(tmp_path, "wb-t1", OURS)
    database = network_records.database_of(tmp_path)
    database.parent.mkdir(parents=True)
    database.write_bytes(bridge_record(b"10.202.0.1/24"))
    assert network_records.are_of_another_range(tmp_path, "wb-t1", OURS)
    network_records.forget_networks(tmp_path)
    assert not network_records.are_of_another_range(tmp_path, "wb-t1", OURS)
    assert not database.exists()


SAVED = """*filter
:INPUT ACCEPT [1:2]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:WORKBOOK-x - [0:0]
-A FORWARD -j WORKBOOK-x
-A FORWARD -j DOCKER
-A DOCKER -i docker_gwbridge -m comment --comment "a -j WORKBOOK-x" -j RETURN
COMMIT
"""


def test_a_chain_goes_with_what_leads_to_it_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[str, ...]] = []

    def run(*words: str, stdin: str | None = None) -> str:
        calls.append(words)
        return SAVED if words == ("iptables-save",) else ""

    monkeypatch.setattr(firewall, "run", run)
    assert firewall.chains() == {
        "filter": {"INPUT": "ACCEPT", "FORWARD": "DROP", "DOCKER": "-", "WORKBOOK-x": "-"},
        "nat": {},
    }
    firewall.close_ways("WORKBOOK-x")
    firewall.delete_rules_naming(["docker_gwbridge"])
    changes = [" ".join(words[5:]) for words in calls if words[0] == "iptables"]
    assert changes == [
        "-D FORWARD -j WORKBOOK-x",
        "-F WORKBOOK-x",
        "-X WORKBOOK-x",
        "-D DOCKER -i docker_gwbridge -m comment --comment a -j WORKBOOK-x -j RETURN",
    ]


def test_the_rules_wall_off_what_is_not_the_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[str] = []

    def run(*words: str, stdin: str | None = None) -> str:
        fed.append(stdin or "")
        return ""

    monkeypatch.setattr(firewall, "run", run)
    own = bridge.AddressRange(IPv4Network("10.201.0.0/16"))
    firewall.open_ways("W", "wb-t1", own, {"docker0"})
    rules = fed[-1].splitlines()
    order = [
        "-A W-in ! -s 10.201.0.0/16 ! -d 10.201.0.0/16 -j RETURN",
        "-A W-in -i docker0 -j DROP",
        "-A W-in -i wb-t1 -j RETURN",
        "-A W-in -j DROP",
        "-A W -j W-in",
        "-A W -s 10.201.0.0/24 -d 10.201.0.0/24 -j ACCEPT",
        "-A W -s 10.201.0.0/16 -d 10.201.0.0/16 -j DROP",
        "-A W -s 10.201.0.0/16 -o docker0 -j RETURN",
        "-A W -s 10.201.0.0/16 -j ACCEPT",
        "-A W -d 10.201.0.0/16 -j DROP",
    ]
    assert [rules.index(rule) for rule in order] == sorted(rules.index(rule) for rule in order)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with neither `ip` nor `iptables`."""
    network_tools._kept.cache_clear()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("helpers.engine.private.processes._SYSTEM_PATH", "/nowhere")
    yield
    network_tools._kept.cache_clear()


@pytest.mark.usefixtures("bare")
def test_without_ip_and_an_unpacked_engine_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_release, "kept_tree", lambda recipe: None)
    monkeypatch.setattr(subprocess, "run", None)
    with pytest.raises(SetupFailed, match="not in its cache"):
        bridge.run("ip", "link")


class FakeTree:
    """An unpacked engine whose every program prints how it was called."""

    environment: ClassVar = {"XTABLES_LIBDIR": "/tree/xtables"}

    def command(self, *words: str) -> list[str]:
        if not has_nf_tables and words[0] == "xtables-nft-multi":
            return ["/bin/false"]
        return ["/bin/sh", "-c", 'echo "$XTABLES_LIBDIR $@"', "sh", *words]


has_nf_tables = True


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(("has_it", "backend"), [(True, "nft"), (False, "legacy")])
def test_without_ip_and_iptables_the_unpacked_ones_are_used(
    monkeypatch: pytest.MonkeyPatch, has_it: bool, backend: str
) -> None:
    monkeypatch.setattr(f"{__name__}.has_nf_tables", has_it)
    monkeypatch.setattr(engine_release, "kept_tree", lambda recipe: FakeTree())
    assert bridge.run("ip", "link") == "/tree/xtables ip link\n"
    multi = f"xtables-{backend}-multi"
    assert bridge.run("iptables", "-S") == f"/tree/xtables {multi} iptables -S\n"
    assert network_tools.backend() == backend


@pytest.mark.parametrize(
    ("version", "backend"),
    [
        ("iptables v1.8.9 (nf_tables)", "nft"),
        ("iptables v1.8.9 (legacy)", "legacy"),
        ("iptables v1.6.1", "legacy"),
    ],
)
def test_the_machines_own_iptables_says_what_it_speaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, backend: str
) -> None:
    program = tmp_path / "iptables"
    program.write_text(f"#!/bin/sh\necho '{version}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert network_tools.backend() == backend


def test_the_engine_has_iptables_on_its_path(tmp_path: Path) -> None:
    network_tools.link_iptables(tmp_path / "bin", "legacy")
    links = {path.name: str(path.readlink()) for path in (tmp_path / "bin").iterdir()}
    assert set(links.values()) == {"/usr/sbin/xtables-legacy-multi"}
    assert {"iptables", "ip6tables-restore"} <= links.keys()
