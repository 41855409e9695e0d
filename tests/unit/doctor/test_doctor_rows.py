"""What the doctor says, and that nothing hangs, crashes or gives a secret away."""

from __future__ import annotations

import argparse
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpers.commands import doctor
from helpers.doctor import engine_rows, machine_checks, registry_check
from helpers.doctor import examined_engine as found_engine
from helpers.doctor.check import Check
from helpers.doctor.doctor_screen import show
from helpers.doctor.examined_engine import ExaminedEngine, engine_to_check
from helpers.doctor.registry_check import Supplies, registry_row, supplies_of
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.command.compose_program import ComposeRelease
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.host.docker_command import DockerCommand
from helpers.engine.host.machine import Disk
from helpers.engine.host.network_settings import TrustStore
from helpers.engine.private import EngineRelease, PrivateEngine
from helpers.engine.registry.reachability import PullQuota, Reachability
from helpers.errors import EngineRefused, SetupFailed
from helpers.launcher.engine_for import Choice
from helpers.model.features.feature import TITLES, Feature, Features
from helpers.model.image.reference import ImageReference
from helpers.model.supply.public_copies import PublicCopy
from tests.unit.fake_engine import fake_engine

AWAY = Reachability(False, "registry-1.docker.io: its name cannot be resolved", 0.1)
THERE = Reachability(True, "it answers", 0.1)
ALL_ROWS = [
    "python",
    "engine",
    "network",
    "port",
    "outside",
    "builder",
    "command",
    "compose",
    "memory",
    "disk",
    "registry",
    "features",
    "ports",
    "proxy",
    "trust",
    "browser",
]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(registry_check, "reachability", lambda: AWAY)
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    for name in ("WORKBOOK_BUNDLE", "WORKBOOK_MIRROR", "WORKBOOK_ALLOW_STAND_INS"):
        monkeypatch.delenv(name, raising=False)


def diagnosis(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = doctor.main(argparse.Namespace(json=True, refresh=False))
    said = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in said["checks"]] == ALL_ROWS
    assert said["ready"] is (status == 0)
    return status, {row["name"]: row for row in said["checks"]}


def test_no_engine_at_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    status, rows = diagnosis(capsys)
    assert status == 1
    assert rows["engine"]["status"] == "problem"
    assert "No Docker engine answers" in rows["engine"]["observed"]
    assert rows["engine"]["next_step"]
    assert rows["features"]["observed"].startswith("Not looked at")


def test_an_engine_that_refuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(install: bool) -> Choice:
        raise EngineRefused("It is there and refuses this user.", "Join the group `docker`.")

    monkeypatch.setattr(found_engine, "choose_engine", refuse)
    status, rows = diagnosis(capsys)
    assert status == 1
    assert rows["engine"]["observed"] == "It is there and refuses this user."
    assert rows["engine"]["next_step"] == "Join the group `docker`."


def test_an_engine_that_is_too_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"/version": (200, {"ApiVersion": "1.39", "Version": "18.09"})}
    with fake_engine(tmp_path / "old.sock", answers) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        status, rows = diagnosis(capsys)
    assert status == 1
    assert "1.39" in rows["engine"]["observed"]
    assert "20.10 or newer" in rows["engine"]["next_step"]


def test_an_engine_that_breaks_after_its_first_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "/version": (200, {"ApiVersion": "1.41", "Arch": "amd64"}),
        "/info": (500, {"message": "database is locked"}),
    }
    with fake_engine(tmp_path / "sick.sock", answers) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        status, rows = diagnosis(capsys)
    assert status == 1
    assert "atabase is locked" in rows["engine"]["observed"]


def test_an_engine_that_runs_no_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "/version": (200, {"ApiVersion": "1.41", "Arch": "amd64"}),
        "/info": (200, {"ID": "x", "MemTotal": 2**33, "NCPU": 2, "ServerVersion": "1"}),
        "/images/json": (200, []),
        "/images/busybox:1.37/json": (200, {"Id": "sha256:b", "Size": 1}),
        "/history": (200, []),
        "/containers/json": (200, []),
        "/containers/create": (500, {"message": "no space left on device"}),
    }
    with fake_engine(tmp_path / "full.sock", answers) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        status, rows = diagnosis(capsys)
    assert status == 1
    assert rows["engine"]["status"] == "problem"
    assert rows["engine"]["observed"] == "The engine's disk is full."


def test_an_engine_without_busybox_where_no_source_has_it_is_not_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether lessons can run then is for the row of Docker Hub to say."""
    answers = {
        "/version": (200, {"ApiVersion": "1.41", "Arch": "amd64"}),
        "/info": (200, {"ID": "x", "MemTotal": 2**33, "NCPU": 2, "ServerVersion": "1"}),
        "/images/json": (200, []),
        "/images/busybox:1.37/json": (404, {"message": "No such image: busybox:1.37"}),
        "/images/create": (404, {"message": "pull access denied"}),
    }
    monkeypatch.setattr("helpers.engine.supply.sources.reachability", lambda: AWAY)
    with fake_engine(tmp_path / "bare.sock", answers) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        status, rows = diagnosis(capsys)
    assert status == 1
    assert rows["engine"]["status"] == "warning"
    assert "No container was tried: No source has busybox:1.37" in rows["engine"]["observed"]
    assert rows["engine"]["next_step"].startswith("Run `./workbook images fetch`")
    assert rows["builder"]["observed"] == "Not looked at: there is no busybox:1.37 to run."
    assert rows["features"]["observed"] == "Not looked at: there is no busybox:1.37 to run."
    assert rows["registry"]["status"] == "problem"


def test_an_engine_that_never_answers_is_cut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("helpers.engine.connection.client.FIRST_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("helpers.engine.host.docker_command._ANSWER_SECONDS", 0.3)
    began = time.monotonic()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen(8)
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/silent.sock")
        status, rows = diagnosis(capsys)
    assert time.monotonic() - began < 8
    assert status == 1
    assert rows["engine"]["status"] == "problem"


def test_a_secret_in_a_proxy_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:geheim@proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://ann:geheim@proxy.example:3128")
    doctor.main(argparse.Namespace(json=False, refresh=False))
    said = capsys.readouterr()
    assert "proxy.example" in said.out
    assert "geheim" not in said.out + said.err


def test_in_a_pipe_each_row_is_one_uncut_line(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        Check("engine", "Engine", "problem", "It [refuses].\nTwice.", "Join " + "x" * 200),
        Check("ports", "Ports", "ok", "Free."),
    ]
    show(rows, Features([Feature("kvm", None, "Not Linux.")]))
    lines = capsys.readouterr().out.splitlines()
    assert f"  ✗ problem  Engine: It [refuses]. Twice. → Join {'x' * 200}" in lines
    assert "  unknown    KVM (fast virtual machines): Not Linux." in lines
    assert lines[-1] == "Lessons cannot run here yet. First: Engine."


class FakePrivate(PrivateEngine):
    """A private engine that notes when its lease begins and ends."""

    def __init__(self, runs: bool, notes: list[str]) -> None:
        super().__init__("fake")
        self.runs, self.notes = runs, notes

    def is_running(self) -> bool:
        return self.runs

    def sentence(self) -> str:
        return "Docker 28.5.2 of Debian testing, with containerd's image store."

    @contextmanager
    def lease(self) -> Iterator[PrivateEngine]:
        self.notes.append("began")
        try:
            yield self
        finally:
            self.notes.append("ended")


class FakeRelease(EngineRelease):
    """A release whose packages are here."""

    def tree(self) -> UnpackedTree:
        return UnpackedTree(Path("/nowhere"), "testing", {}, "")


def private_choice(engine: PrivateEngine) -> Callable[[bool], Choice]:
    engine.release = FakeRelease()
    return lambda install: Choice(Endpoint(engine.host, "the workbook's private engine"), engine)


class FakeClient:
    """A connection that notes when it is closed."""

    def __init__(self, notes: list[str]) -> None:
        self.api, self.notes = argparse.Namespace(timeout=600), notes

    def close(self) -> None:
        self.notes.append("closed")


@pytest.mark.parametrize("runs", [False, True])
def test_the_private_engine_is_held_for_the_check_only(
    monkeypatch: pytest.MonkeyPatch, runs: bool
) -> None:
    notes: list[str] = []
    monkeypatch.setattr(found_engine, "choose_engine", private_choice(FakePrivate(runs, notes)))
    monkeypatch.setattr(found_engine, "prepare_client", lambda tree: None)
    monkeypatch.setattr(found_engine, "open_client", lambda endpoint: FakeClient(notes))
    with engine_to_check() as found:
        assert notes == ["began"]
        assert found.was_started is not runs
        assert found.client is not None
        assert found.client.api.timeout < 60
    assert notes == ["began", "closed", "ended"]


def test_a_private_engine_that_does_not_start_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(tree: UnpackedTree) -> None:
        raise SetupFailed("It did not start.", "See its log.")

    monkeypatch.setattr(found_engine, "choose_engine", private_choice(FakePrivate(False, [])))
    monkeypatch.setattr(found_engine, "prepare_client", fails)
    with engine_to_check() as found:
        assert found.client is None
        assert str(found.problem) == "It did not start. See its log."


NOTHING = Supplies(("busybox:1.37",), "", first_lesson_runs=False)


@pytest.mark.parametrize(
    ("supplies", "status"),
    [
        (None, "warning"),
        (Supplies(), "warning"),
        (Supplies(("python:3.13-slim",), "", first_lesson_runs=True), "warning"),
        (Supplies(("busybox:1.37",), "stand-ins", first_lesson_runs=False), "warning"),
        (NOTHING, "problem"),
    ],
)
def test_no_hub_is_a_problem_only_where_nothing_else_helps(supplies: Supplies, status: str) -> None:
    row = registry_row(AWAY, None, supplies)
    assert row.status == status
    assert "cannot be resolved" in row.observed
    assert bool(row.next_step) is bool(supplies and supplies.missing and not supplies.other_source)


@pytest.mark.parametrize(
    ("quota", "status", "word"),
    [
        (PullQuota(76, 100, 21600), "ok", "76 of 100 pulls in 6 hours"),
        (PullQuota(3, 100, 21600), "warning", "3 of 100"),
        (PullQuota(0, 100, None), "warning", "0 of 100 pulls are left"),
        (PullQuota(None, None, None), "ok", "no limit"),
        (None, "ok", "no limit"),
    ],
)
def test_the_pulls_left_are_told(quota: PullQuota | None, status: str, word: str) -> None:
    row = registry_row(THERE, quota, NOTHING)
    assert (row.status, bool(row.next_step)) == (status, status == "warning")
    assert word in row.observed


def test_supplies_know_images_by_any_way_to_write_their_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = supplies_of(["docker.io/library/busybox:1.37", "<none>:<none>"], is_private=False)
    assert "busybox:1.37" not in found.missing
    assert "python:3.13-slim" in found.missing
    assert found.first_lesson_runs
    assert found.other_source == ""
    assert not supplies_of([], is_private=False).first_lesson_runs
    assert "stand-ins" in supplies_of([], is_private=True).other_source
    monkeypatch.setenv("WORKBOOK_MIRROR", "mirror:5000")
    assert "WORKBOOK_MIRROR" in supplies_of([], is_private=False).other_source


def test_a_public_copy_that_answers_comes_before_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    def copy_of(reference: ImageReference) -> PublicCopy | None:
        is_official = reference.repository == "library/busybox"
        return PublicCopy("ECR Public", "public.ecr.aws", "docker/x") if is_official else None

    away = Reachability(False, "no network", 0.0)
    monkeypatch.setattr(registry_check, "reachability", lambda: away)
    monkeypatch.setattr(registry_check, "answering_copy", copy_of)
    supplies = supplies_of([], is_private=True)
    row = registry_check.registry_check(supplies)
    assert "images come from ECR Public, which has copies" in row.observed
    monkeypatch.setenv("WORKBOOK_BUNDLE", "lessons.tar")
    row = registry_check.registry_check(supplies_of([], is_private=True))
    assert "images come from the bundle" in row.observed


@pytest.mark.parametrize(
    ("plain", "led", "status", "word"),
    [
        (None, None, "problem", "no `docker` command"),
        (DockerCommand("/d", "28", "me"), None, "ok", "same engine."),
        (DockerCommand("/d", "28", "other"), DockerCommand("/d", "28", "me"), "ok", "plain"),
        (DockerCommand("/d", "28", ""), DockerCommand("/d", "28", "", "no!"), "warning", "no!"),
    ],
)
def test_the_docker_command_and_its_engine(
    plain: DockerCommand | None, led: DockerCommand | None, status: str, word: str
) -> None:
    row = engine_rows.command_row(plain, "me", led, "DOCKER_HOST=unix:///x")
    assert row.status == status
    assert word in row.observed
    assert ("DOCKER_HOST=unix:///x" in row.next_step) is (led is not None)


@pytest.mark.parametrize(
    ("found", "status", "word", "step"),
    [
        (None, "warning", "no Compose", "docs.docker.com/compose/install"),
        (ComposeRelease("2.40.3"), "ok", "Compose 2.40.3 is a plug-in", ""),
        (ComposeRelease("5.6.1", "/x/compose"), "ok", "with the notebooks", "link to /x/compose"),
    ],
)
def test_which_compose_the_lessons_have(
    found: ComposeRelease | None, status: str, word: str, step: str
) -> None:
    row = engine_rows.compose_row(found)
    assert row.status == status
    assert word in row.observed
    assert step in row.next_step


@pytest.mark.parametrize(
    ("plain", "word"),
    [(None, "in the lessons."), (DockerCommand("/d", "20.10", ""), "plain terminal docker 20.10")],
)
def test_the_engines_own_client_is_enough(plain: DockerCommand | None, word: str) -> None:
    own = DockerCommand("/own/docker", "28.5.2", "me")
    row = engine_rows.command_row(plain, "me", own, "DOCKER_HOST=unix:///x")
    assert (row.status, row.next_step) == ("ok", "")
    assert row.observed.startswith("docker 28.5.2, the engine's own")
    assert word in row.observed


@pytest.mark.parametrize(
    ("free", "status"),
    [(50 * 10**9, "ok"), (4 * 10**9, "warning"), (10**8, "problem")],
)
def test_the_fullest_disk_decides(free: int, status: str) -> None:
    disks = [
        Disk(("the engine",), Path("/a"), 10**12, 10**12),
        Disk(("the cache",), Path("/b"), 10**12, free),
    ]
    row = engine_rows.disk_row(disks)
    assert row.status == status
    assert "1 TB free for the engine" in row.observed
    assert ("/b" in row.next_step) is (status != "ok")


@pytest.mark.parametrize(
    ("total", "status"), [(8 * 2**30, "ok"), (2**30, "warning"), (2**28, "problem")]
)
def test_memory_is_judged(total: int, status: str) -> None:
    assert engine_rows.memory_row({"MemTotal": total, "NCPU": 2}).status == status


def test_a_builder_without_buildkit_is_a_warning() -> None:
    without = Features([Feature("buildkit_api", False, "The classic builder.")])
    row = engine_rows.builder_row(without)
    assert (row.status, row.observed) == ("warning", "The classic builder.")


def test_missing_features_are_named_and_no_problem() -> None:
    found = Features(Feature(name, name != "kvm", "…") for name in TITLES)
    row = engine_rows.features_row(found)
    assert row.status == "ok"
    assert row.observed.startswith("14 of 15;")
    assert TITLES["kvm"] in row.observed


OWN = Choice(Endpoint("unix:///x", "…"), FakePrivate(True, []))


@pytest.mark.parametrize(
    ("choice", "was_started", "word"),
    [
        (
            Choice(Endpoint("unix:///x", "the usual socket")),
            False,
            "Docker Engine 28.5.2, found by",
        ),
        (OWN, False, "The workbook's own: Docker 28.5.2 of Debian testing, with containerd's"),
        (OWN, True, "The workbook's own, started for this check and stopped again: Docker 28.5.2"),
    ],
)
def test_the_engine_row_says_how_it_was_found(choice: Choice, was_started: bool, word: str) -> None:
    found = ExaminedEngine(choice, None, was_started=was_started)
    words = engine_rows.engine_words(found, {"ServerVersion": "28.5.2"}, "Docker Engine")
    row = engine_rows.engine_row(words, 0.31)
    assert word in row.observed
    assert row.observed.endswith("It ran a container in 0.31 s.")


def test_busy_ports_of_lessons_are_a_warning_and_jupyters_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy: list[int] = []
    monkeypatch.setattr(machine_checks, "busy_ports", lambda ports: busy)
    assert machine_checks.ports_check().status == "ok"
    busy.append(8888)
    assert machine_checks.ports_check().status == "ok"
    busy.append(4000)
    row = machine_checks.ports_check()
    assert (row.status, row.observed) == ("warning", "Busy: 4000 (lesson 02).")


@pytest.mark.parametrize(
    ("store", "status", "word"),
    [
        (TrustStore(Path("/b"), 144, 2), "ok", "re-signs"),
        (TrustStore(Path("/b"), 142, 0), "ok", "142 certificates"),
        (TrustStore(Path("/b"), 0, 0), "warning", "0 certificates"),
        (TrustStore(None, 0, 0), "ok", "system"),
    ],
)
def test_the_trust_store_is_judged(
    monkeypatch: pytest.MonkeyPatch, store: TrustStore, status: str, word: str
) -> None:
    monkeypatch.setattr(machine_checks, "trust_store", lambda: store)
    row = machine_checks.trust_check()
    assert row.status == status
    assert word in row.observed


def test_an_old_python_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine_checks.python_check().status == "ok"
    monkeypatch.setattr(machine_checks, "OLDEST_PYTHON", (99, 0))
    assert machine_checks.python_check().status == "problem"
