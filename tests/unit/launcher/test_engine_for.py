"""Which engine a command takes: one that answers, else the private one, else a reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.errors import EngineNotFound, EngineRefused, EngineUnavailable
from helpers.launcher import engine_for, engine_packages
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.engine_packages import PackagesAhead

THERE = Endpoint("unix:///there.sock", "the usual socket")
GONE = Endpoint("unix:///gone.sock", "rootless Docker")
CLOSED = Endpoint("unix:///closed.sock", "the usual socket")


class FakePrivate:
    """A private engine that is leased."""

    host = "unix:///private.sock"
    leases = 0

    @contextmanager
    def lease(self) -> Iterator[None]:
        FakePrivate.leases += 1
        yield
        FakePrivate.leases -= 1


class FakePackages:
    """Packages that are missing until they are installed."""

    def __init__(self, missing: list[str]) -> None:
        self.absent = missing
        self.asked: list[str] = []

    def missing(self, names: list[str]) -> list[str]:
        return [name for name in names if name in self.absent]

    def can_install(self) -> tuple[bool, str]:
        return True, ""

    def install(self, names: list[str], on_line: object = None) -> None:
        self.asked += names
        self.absent = []


class Opened:
    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch) -> FakePackages:
    fake = FakePackages(["docker.io"])
    monkeypatch.setattr(engine_packages, "packages", fake)
    monkeypatch.setattr(engine_packages, "needed_packages", lambda: ["docker.io"])
    monkeypatch.setattr(engine_packages.shutil, "which", lambda name: None)
    monkeypatch.setattr(engine_for, "PrivateEngine", FakePrivate)
    monkeypatch.setattr(engine_for, "open_client", open_fake)
    monkeypatch.setattr(engine_packages.sys, "platform", "linux")
    monkeypatch.setattr(engine_packages.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(engine_packages.sys, "stdin", open(os.devnull))  # noqa: PTH123, SIM115
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    yield fake
    engine_packages.sys.stdin.close()


def open_fake(endpoint: Endpoint) -> Opened:
    if endpoint is CLOSED:
        raise EngineRefused("It refuses this user.", "Join the group docker.")
    if endpoint is not THERE:
        raise EngineNotFound(f"No Docker engine answers at {endpoint.host}.", "Start it.")
    return Opened()


def look_at(monkeypatch: pytest.MonkeyPatch, *endpoints: Endpoint) -> None:
    monkeypatch.setattr(engine_for, "candidates", lambda: list(endpoints))


def test_the_first_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, GONE, CLOSED, THERE)
    assert choose_engine() == Choice(THERE)


def test_a_running_private_engine_is_leased_not_just_used(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, Endpoint(FakePrivate.host, "DOCKER_HOST"))
    choice = choose_engine()
    assert choice.is_private
    with held(choice):
        assert FakePrivate.leases == 1
        assert os.environ["DOCKER_HOST"] == FakePrivate.host
    assert FakePrivate.leases == 0
    assert "DOCKER_HOST" not in os.environ


def test_packages_are_installed_only_once_the_engine_is_held(
    monkeypatch: pytest.MonkeyPatch, packages: FakePackages, capsys: pytest.CaptureFixture[str]
) -> None:
    look_at(monkeypatch)
    choice = choose_engine()
    assert choice.missing == ("docker.io",)
    assert "docker.io" in capsys.readouterr().out, "it says so before"
    assert packages.asked == []
    with held(choice):
        assert packages.asked == ["docker.io"]


def test_no_install_forbids(monkeypatch: pytest.MonkeyPatch, packages: FakePackages) -> None:
    look_at(monkeypatch)
    with pytest.raises(EngineNotFound, match="--no-install") as caught:
        choose_engine(install=False)
    assert caught.value.next_step
    assert packages.asked == []


@pytest.mark.parametrize(
    ("answer", "installs"), [("", True), ("Y", True), ("n", False), ("?", False)]
)
def test_asks_on_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str, installs: bool) -> None:
    look_at(monkeypatch)
    monkeypatch.setattr(engine_packages, "_is_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: answer)
    if installs:
        assert choose_engine().missing == ("docker.io",)
    else:
        with pytest.raises(EngineNotFound, match="chose not to"):
            choose_engine()


def test_somebody_else_than_root_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch)
    monkeypatch.setattr(engine_packages.os, "geteuid", lambda: 1000)
    with pytest.raises(EngineNotFound, match="root") as caught:
        choose_engine()
    assert "Install and start Docker" in caught.value.next_step


def test_a_refusal_says_more_than_an_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, GONE, CLOSED)
    monkeypatch.setattr(engine_packages.os, "geteuid", lambda: 1000)
    with pytest.raises(EngineRefused, match="refuses this user") as caught:
        choose_engine()
    assert caught.value.next_step == "Join the group docker."


def test_docker_host_means_that_engine_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", GONE.host)
    look_at(monkeypatch, GONE)
    with pytest.raises(EngineUnavailable, match=r"gone\.sock"):
        choose_engine()


def test_docker_host_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "before")
    with held(Choice(THERE)):
        assert os.environ["DOCKER_HOST"] == THERE.host
    assert os.environ["DOCKER_HOST"] == "before"


def test_a_remote_context_speaks_for_itself() -> None:
    far = Choice(Endpoint("tcp://far:2376", "the current context", "far"))
    assert far.environment() == {"DOCKER_CONTEXT": "far"}
    near = Choice(Endpoint("unix:///near.sock", "the current context", "desktop-linux"))
    assert near.environment() == {"DOCKER_HOST": "unix:///near.sock"}


def test_another_vendors_engine_keeps_debians_docker_out(
    monkeypatch: pytest.MonkeyPatch, packages: FakePackages
) -> None:
    """apt-get would remove docker-ce to install docker.io."""
    packages.absent = ["docker.io", "docker-cli", "iptables"]
    monkeypatch.setattr(engine_packages, "needed_packages", lambda: packages.absent)
    assert engine_packages.absent_packages() == packages.absent
    monkeypatch.setattr(engine_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert engine_packages.absent_packages() == ["iptables"]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with no sign of an engine, whatever this one has."""
    monkeypatch.setattr(engine_packages.Path, "exists", lambda path: False)


@pytest.mark.usefixtures("bare")
def test_packages_come_beside_other_work(packages: FakePackages) -> None:
    ahead = PackagesAhead(["lab", "--no-browser"])
    ahead.wait()
    assert packages.asked == ["docker.io"]
    assert not ahead.refused


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    "words", [["doctor"], ["images"], ["lab", "--no-install"], ["test", "--", "tests/unit"], []]
)
def test_nothing_ahead_where_it_may_not_be_needed(packages: FakePackages, words: list[str]) -> None:
    PackagesAhead(words).wait()
    assert packages.asked == []


@pytest.mark.parametrize("sign", ["/var/run/docker.sock", "/home/somebody/.docker"])
def test_nothing_ahead_where_there_may_be_an_engine(
    monkeypatch: pytest.MonkeyPatch, packages: FakePackages, sign: str
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setattr(engine_packages.Path, "exists", lambda path: str(path) == sign)
    PackagesAhead(["lab"]).wait()
    assert packages.asked == []


@pytest.mark.usefixtures("bare")
def test_a_refusal_is_kept(monkeypatch: pytest.MonkeyPatch, packages: FakePackages) -> None:
    monkeypatch.setattr(engine_packages, "_is_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    assert PackagesAhead(["lab"]).refused
    assert packages.asked == []
