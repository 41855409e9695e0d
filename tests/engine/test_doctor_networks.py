"""The doctor on engines whose networks are broken, each in its own way."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from helpers.commands import doctor
from helpers.doctor import registry_check
from helpers.engine.connection.client import find_client
from helpers.engine.features.network_probes import name_probe, outside_probe, port_probe
from helpers.engine.features.probe_containers import probe_containers
from helpers.engine.registry.reachability import Reachability
from helpers.model.features.network_probe import NetworkFault
from tests.engine.nested_engine import nested_engine

pytestmark = pytest.mark.engine

# One network at most, which a test takes, and no default one.
NO_NETWORKS = {
    "bridge": "none",
    "default-address-pools": [{"base": "10.219.77.0/29", "size": 29}],
}
# What containers send is neither translated nor let through.
NO_RULES = {"iptables": False, "ip6tables": False, "ip-masq": False}


@pytest.fixture
def client() -> Iterator[DockerClient]:
    found, _ = find_client()
    yield found
    found.close()


def left(client: DockerClient) -> list[str]:
    """What probes have left on that engine."""
    mark = {"label": "workbook.probe"}
    containers = client.api.containers(all=True, filters=mark)
    return [item["Id"] for item in [*containers, *client.api.networks(filters=mark)]]


def rows_of(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any]]:
    """The exit code of the doctor there, and its rows by name."""
    away = Reachability(False, "no network in this test", 0.0)
    monkeypatch.setattr(registry_check, "reachability", lambda: away)
    monkeypatch.setattr(registry_check, "answering_copy", lambda reference: None)
    monkeypatch.setenv("DOCKER_HOST", host)
    status = doctor.main(argparse.Namespace(json=True, refresh=False))
    checks = json.loads(capsys.readouterr().out)["checks"]
    return status, {row["name"]: row for row in checks}


def test_an_engine_without_networks_is_a_problem(
    client: DockerClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A container runs there, so the engine's own row is as it was; and nothing is left."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    with nested_engine(client, "wbt-no-networks", json.dumps(NO_NETWORKS)) as (
        inner,
        endpoint,
    ):
        inner.networks.create("taken")
        status, rows = rows_of(endpoint.host, monkeypatch, capsys)
        assert status == 1
        assert rows["engine"]["status"] == "ok"
        assert (rows["network"]["status"], rows["port"]["status"]) == ("problem", "problem")
        assert "no range of addresses left" in rows["network"]["observed"]
        assert "docker network ls" in rows["network"]["next_step"]
        assert "no default network" in rows["port"]["observed"]
        assert '"bridge": "none"' in rows["port"]["next_step"]
        assert rows["outside"]["status"] == "warning"
        assert left(inner) == []


def test_containers_without_a_way_out_and_a_port_that_nothing_forwards(
    client: DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That engine publishes on a 127.0.0.1 that is not this machine's, as one in a VM may."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr("helpers.engine.features.network_probes._ANSWER_SECONDS", 0.5)
    with (
        nested_engine(client, "wbt-no-rules", json.dumps(NO_RULES)) as (inner, _),
        probe_containers(inner) as probes,
    ):
        assert name_probe(probes).fault is None
        assert port_probe(probes).fault is NetworkFault.NO_WAY
        assert outside_probe(probes).fault in (NetworkFault.NO_WAY, NetworkFault.NAME_UNKNOWN)
        assert left(inner) == []


def test_a_whole_engine_passes_and_keeps_nothing(client: DockerClient) -> None:
    with probe_containers(client) as probes:
        tried = [name_probe(probes), port_probe(probes)]
        assert [one.fault for one in tried] == [None, None], tried
        assert max(one.seconds for one in tried) < 20
        token = probes.labels["workbook.probe"]
    mark = {"label": f"workbook.probe={token}"}
    assert client.api.containers(all=True, filters=mark) == []
    assert client.api.networks(filters=mark) == []
