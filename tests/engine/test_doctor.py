"""The doctor on the real engine."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.commands import doctor
from helpers.doctor import registry_check
from helpers.doctor.diagnosis import diagnose
from helpers.doctor.examined_engine import engine_to_check
from helpers.engine.base.project_files import ROOT
from helpers.engine.connection.client import find_client
from helpers.engine.features import features
from helpers.engine.private import PrivateEngine
from helpers.engine.registry.reachability import Reachability
from helpers.launcher import engine_for
from helpers.model.features.feature import TITLES, Features

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("WORKBOOK_ALLOW_STAND_INS", "1")
    away = Reachability(False, "no network in this test", 0.0)
    monkeypatch.setattr(registry_check, "reachability", lambda: away)
    monkeypatch.setattr(registry_check, "answering_copy", lambda reference: None)


def diagnosis(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = doctor.main(argparse.Namespace(json=True, refresh=False))
    return status, json.loads(capsys.readouterr().out)


def test_a_healthy_engine(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = diagnosis(capsys)
    rows = {row["name"]: row for row in said["checks"]}
    assert rows["engine"]["status"] == "ok"
    assert "It ran a container in" in rows["engine"]["observed"]
    assert (rows["network"]["status"], rows["port"]["status"]) == ("ok", "ok")
    assert "No answer within" not in json.dumps(said)
    assert [item["name"] for item in said["features"]] == list(TITLES)
    problems = [row for row in said["checks"] if row["status"] == "problem"]
    assert (status, said["ready"]) == (1 if problems else 0, not problems)
    assert all(row["next_step"] for row in said["checks"] if row["status"] == "problem")


@pytest.mark.parametrize("refresh", [True, False])
def test_refresh_tries_the_features_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, refresh: bool
) -> None:
    tried: list[object] = []
    diagnose()
    monkeypatch.setattr(
        features, "probe_features", lambda client: tried.append(client) or Features()
    )
    doctor.main(argparse.Namespace(json=True, refresh=refresh))
    assert len(tried) == (1 if refresh else 0)


def test_as_a_command_it_prints_nothing_but_json_on_standard_output(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "helpers.commands", "doctor", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = json.loads(ended.stdout)
    assert ended.returncode == (0 if said["ready"] else 1), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing(kind: signal.Signals) -> None:
    client, _ = find_client()
    mark = {"label": "workbook.probe"}
    command = [sys.executable, "-m", "helpers.commands", "doctor", "--refresh"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        _until(lambda: bool(client.api.containers(all=True, filters=mark)))
        process.send_signal(kind)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    _until(lambda: not client.api.containers(all=True, filters=mark))
    assert not client.api.images(all=True, filters=mark)
    assert not client.api.networks(filters=mark)
    client.close()


def _until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to be so"
        time.sleep(0.02)


def test_without_an_engine_the_private_one_is_used_and_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it cannot run (no root, no packages), the row says so instead."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(engine_for, "candidates", list)
    ran_before = PrivateEngine().is_running()
    with engine_to_check() as found:
        if found.client is None:
            assert found.problem is not None
            assert found.problem.next_step
        else:
            assert found.choice is not None
            assert found.choice.is_private
            assert found.was_started is not ran_before
            assert found.client.ping()
    assert PrivateEngine().is_running() is ran_before
