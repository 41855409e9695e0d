"""Which engine a command takes: one that answers, else the private one, else a reason."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.private import PrivateEngine, engine_release
from helpers.errors import (
    EngineNotFound,
    EngineRefused,
    EngineUnavailable,
    Interrupted,
    SetupFailed,
)
from helpers.launcher import engine_for, own_engine
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.own_engine import EngineAhead
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import DOCKER_TREE, TreeRecipe

THERE = Endpoint("unix:///there.sock", "the usual socket")
GONE = Endpoint("unix:///gone.sock", "rootless Docker")
CLOSED = Endpoint("unix:///closed.sock", "the usual socket")


class FakePrivate(PrivateEngine):
    """A private engine that is leased."""

    leases = 0

    @contextmanager
    def lease(self) -> Iterator[PrivateEngine]:
        FakePrivate.leases += 1
        yield self
        FakePrivate.leases -= 1


PRIVATE = "unix:///run/docker-workbook/docker.sock"


class FakeArchive:
    """What is in the cache, and what was fetched."""

    def __init__(self) -> None:
        self.kept: UnpackedTree | None = None
        self.fetched: list[str] = []

    def kept_tree(self, recipe: TreeRecipe) -> UnpackedTree | None:
        return self.kept

    def unpacked_tree(
        self, recipe: TreeRecipe, tell: Callable[[TreeProgress], None], cancelled: threading.Event
    ) -> UnpackedTree:
        if self.kept:
            return self.kept
        tell(TreeProgress("fetching"))
        self.fetched.append(recipe.name)
        self.kept = UnpackedTree(Path("/nowhere"), "testing", {"docker.io": "28.5.2+dfsg1-1"}, "")
        return self.kept


class Opened:
    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeArchive:
    fake = FakeArchive()
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(engine_release, "kept_tree", fake.kept_tree)
    monkeypatch.setattr(own_engine, "unpacked_tree", fake.unpacked_tree)
    monkeypatch.setattr(own_engine, "check_machine", lambda: None)
    monkeypatch.setattr(own_engine, "check_system", lambda: None)
    monkeypatch.setattr(own_engine.shutil, "which", lambda name: None)
    monkeypatch.setattr(engine_for, "PrivateEngine", FakePrivate)
    monkeypatch.setattr(engine_for, "open_client", open_fake)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return fake


def open_fake(endpoint: Endpoint) -> Opened:
    if endpoint is CLOSED:
        raise EngineRefused("It refuses this user.", "Join the group docker.")
    if endpoint is not THERE:
        raise EngineNotFound(f"No Docker engine answers at {endpoint.host}.", "Start it.")
    return Opened()


def not_root() -> None:
    raise SetupFailed("Only root can start it.", "Use sudo.")


def look_at(monkeypatch: pytest.MonkeyPatch, *endpoints: Endpoint) -> None:
    monkeypatch.setattr(engine_for, "candidates", lambda: list(endpoints))


def test_the_first_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, GONE, CLOSED, THERE)
    assert choose_engine() == Choice(THERE)


def test_a_running_private_engine_is_leased_not_just_used(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, Endpoint(PRIVATE, "DOCKER_HOST"))
    choice = choose_engine()
    assert choice.is_private
    with held(choice):
        assert FakePrivate.leases == 1
        assert os.environ["DOCKER_HOST"] == PRIVATE
    assert FakePrivate.leases == 0
    assert "DOCKER_HOST" not in os.environ


def test_it_is_fetched_only_once_it_is_held(
    monkeypatch: pytest.MonkeyPatch, archive: FakeArchive, capsys: pytest.CaptureFixture[str]
) -> None:
    look_at(monkeypatch)
    choice = choose_engine()
    assert choice.is_private
    assert archive.fetched == []
    with held(choice):
        assert archive.fetched == ["docker"]
        assert "Docker 28.5.2 of Debian testing, with containerd's image" in choice.sentence()
    assert "Fetching the workbook's own engine" in capsys.readouterr().err
    with held(choice):
        assert archive.fetched == ["docker"], "it is in the cache"


def test_its_own_client_comes_first_as_long_as_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch)
    monkeypatch.setenv("PATH", "/usr/bin")
    with held(choose_engine()):
        first, rest = os.environ["PATH"].split(":")
        assert Path(first, "docker").readlink() == Path("/nowhere/usr/bin/docker")
        assert rest == "/usr/bin"
    assert os.environ["PATH"] == "/usr/bin"
    assert "DOCKER_CONFIG" not in os.environ
    look_at(monkeypatch, THERE)
    with held(choose_engine()):
        assert os.environ["PATH"] == "/usr/bin"


def test_a_named_store_means_the_private_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, THERE)
    monkeypatch.setenv("DOCKER_HOST", THERE.host)
    choice = choose_engine(store="classic")
    assert choice.private is not None
    assert choice.private.release.store == "classic"
    assert choice.private.data_root.name == "engine-classic"


def test_no_install_fetches_nothing(monkeypatch: pytest.MonkeyPatch, archive: FakeArchive) -> None:
    look_at(monkeypatch)
    with pytest.raises(EngineNotFound, match="would have to be fetched") as caught:
        choose_engine(install=False)
    assert "./workbook lab" in caught.value.next_step
    archive.unpacked_tree(DOCKER_TREE, lambda step: None, threading.Event())
    assert choose_engine(install=False).is_private, "what is here may be used"


@pytest.mark.parametrize(
    ("check", "words"), [("check_machine", "Only root may."), ("check_system", "No overlayfs.")]
)
def test_where_it_cannot_run_the_reason_and_the_step_are_told(
    monkeypatch: pytest.MonkeyPatch, check: str, words: str
) -> None:
    def refuse() -> None:
        raise SetupFailed(words, "Do this.")

    look_at(monkeypatch)
    monkeypatch.setattr(own_engine, check, refuse)
    with pytest.raises(EngineNotFound, match=words) as caught:
        choose_engine()
    assert caught.value.next_step == "Do this."


def test_a_refusal_says_more_than_an_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, GONE, CLOSED)
    monkeypatch.setattr(own_engine, "check_machine", not_root)
    with pytest.raises(EngineRefused, match="refuses this user") as caught:
        choose_engine()
    assert caught.value.next_step == "Join the group docker."


def test_docker_host_means_that_engine_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", GONE.host)
    look_at(monkeypatch, GONE)
    with pytest.raises(EngineUnavailable, match=r"gone\.sock"):
        choose_engine()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("DOCKER_HOST", "tcp://far:1", "tcp://far:1"),
        ("DOCKER_CONTEXT", "gone", "no Docker context 'gone'"),
        ("DOCKER_TLS_VERIFY", "1", r"asks for TLS, and there is no .*ca\.pem"),
        ("", '{"currentContext": "gone"}', "no Docker context 'gone', which is the current one"),
    ],
)
def test_one_that_a_rule_names_and_is_not_there_is_said_and_no_other_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, message: str
) -> None:
    look_at(monkeypatch, THERE)
    if variable:
        monkeypatch.setenv(variable, value)
    else:
        (tmp_path / ".docker").mkdir()
        (tmp_path / ".docker/config.json").write_text(value)
    with pytest.raises(EngineNotFound, match=message):
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


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with no sign of an engine, whatever this one has."""
    monkeypatch.setattr(own_engine.Path, "exists", lambda path: False)


@pytest.mark.usefixtures("bare")
def test_it_comes_beside_other_work(archive: FakeArchive) -> None:
    EngineAhead(["lab", "--no-browser"]).wait()
    assert archive.fetched == ["docker"]
    EngineAhead(["lab"]).wait()
    assert archive.fetched == ["docker"], "it is in the cache"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    "words", [["doctor"], ["images"], ["lab", "--no-install"], ["test", "--", "tests/unit"], []]
)
def test_nothing_ahead_where_it_may_not_be_needed(archive: FakeArchive, words: list[str]) -> None:
    EngineAhead(words).wait()
    assert archive.fetched == []


@pytest.mark.usefixtures("bare")
def test_what_fails_ahead_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(recipe: object, tell: object, cancelled: object) -> UnpackedTree:
        raise SetupFailed("No network.", "Connect.")

    monkeypatch.setattr(own_engine, "unpacked_tree", fails)
    EngineAhead(["lab"]).wait()


@pytest.mark.usefixtures("bare")
def test_given_up_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(recipe: object, tell: object, cancelled: threading.Event) -> UnpackedTree:
        cancelled.wait()
        raise Interrupted("The workbook was stopped.")

    monkeypatch.setattr(own_engine, "unpacked_tree", waits)
    ahead = EngineAhead(["lab"])
    ahead.give_up()


@pytest.mark.parametrize("sign", ["/var/run/docker.sock", "/home/somebody/.docker"])
def test_nothing_ahead_where_there_may_be_an_engine(
    monkeypatch: pytest.MonkeyPatch, archive: FakeArchive, sign: str
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setattr(own_engine.Path, "exists", lambda path: str(path) == sign)
    EngineAhead(["lab"]).wait()
    assert archive.fetched == []


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("variable", ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY"])
def test_nothing_ahead_where_a_rule_names_an_engine(
    monkeypatch: pytest.MonkeyPatch, archive: FakeArchive, variable: str
) -> None:
    monkeypatch.setenv(variable, "far")
    EngineAhead(["lab"]).wait()
    assert archive.fetched == []
