"""`./workbook cache`: of which registry it is, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from docker.errors import APIError

from helpers.engine.container.container import Container
from helpers.engine.registry.cache import CACHE_NAME, FAR_CACHE_NAME, cache, is_docker_hub
from helpers.engine.registry.container import running_registry
from helpers.engine.registry.reachability import Reachability
from helpers.engine.registry.registry import Registry
from helpers.engine.supply.cache_note import NotedCache, note_cache, noted_cache
from helpers.errors import EngineError, NameInUse
from helpers.launcher import hub_cache as command
from tests.unit.fake_registries import FakeLauncher

HUB, ELSEWHERE = "https://registry-1.docker.io", "https://ghcr.io"
NOTED = NotedCache(FAR_CACHE_NAME, 5006)  # the engine of these tests has names for ids


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeLauncher:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(Container, "wait_until_ready", lambda *_, **__: None)
    monkeypatch.setattr(
        "helpers.engine.registry.cache.reachability", lambda _: Reachability(True, "", 0.0)
    )
    return FakeLauncher()


@pytest.mark.parametrize(
    "address", ["docker.io", "hub", "index.docker.io", "https://docker.io/", HUB, f"{HUB}/"]
)
def test_these_addresses_are_docker_hub(address: str) -> None:
    assert is_docker_hub(address)


@pytest.mark.parametrize("address", ["ghcr.io", "http://docker.io", "localhost:5000", "hub:5000"])
def test_these_are_not(address: str) -> None:
    assert not is_docker_hub(address)


def test_images_of_docker_hub_are_asked_of_a_cache_of_docker_hub(
    launcher: FakeLauncher, capsys: pytest.CaptureFixture[str]
) -> None:
    command.start_cache(launcher, "docker.io", 5007)
    assert noted_cache() == NotedCache(FAR_CACHE_NAME, 5007)
    said = capsys.readouterr().out
    assert "asks it first" in said
    assert "registry-mirrors" in said


def test_images_of_docker_hub_are_never_asked_of_a_cache_of_another_registry(
    launcher: FakeLauncher, capsys: pytest.CaptureFixture[str]
) -> None:
    note_cache(NOTED)  # of a cache that went without `cache stop`
    command.start_cache(launcher, "ghcr.io", 5007)
    assert noted_cache() is None
    said = capsys.readouterr().out
    assert "`docker pull localhost:5007/NAME`" in said
    assert "asks it first" not in said
    assert "registry-mirrors" not in said


@pytest.mark.parametrize(
    ("there", "wanted", "said"),
    [(HUB, "ghcr.io", "a cache of Docker Hub"), (ELSEWHERE, "docker.io", "a cache of ghcr.io")],
)
@pytest.mark.parametrize("status", ["running", "exited", "restarting"])
def test_a_cache_of_another_registry_is_not_taken_for_the_wanted_one(
    launcher: FakeLauncher, there: str, wanted: str, said: str, status: str
) -> None:
    launcher.api.hold(FAR_CACHE_NAME, there, status)
    note_cache(NOTED)
    with pytest.raises(NameInUse, match=said) as caught:
        command.start_cache(launcher, wanted, 5006)
    assert "`./workbook cache stop`" in caught.value.next_step
    assert noted_cache() == NOTED


def test_the_cache_that_runs_already_is_the_one(launcher: FakeLauncher) -> None:
    launcher.api.hold(FAR_CACHE_NAME, HUB)
    command.start_cache(launcher, "docker.io", 5099)
    assert noted_cache() == NOTED


def test_a_cache_of_another_registry_on_this_engine_is_told_apart_too(
    launcher: FakeLauncher,
) -> None:
    launcher.api.hold(CACHE_NAME, "http://another:5000", port=5005)
    launcher.api.hold("workbook-registry", port=5004)
    registry = running_registry(launcher.context)
    assert registry
    with pytest.raises(NameInUse, match="a cache of http://another:5000") as caught:
        cache(launcher, registry)
    assert f"`docker rm -f {CACHE_NAME}`" in caught.value.next_step


@pytest.mark.parametrize("status", ["running", "exited", "restarting", "created", "paused", "dead"])
def test_a_cache_in_any_state_is_removed_with_its_volume(
    launcher: FakeLauncher,
    status: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Registry, "stored_bytes", lambda _: 12_000_000)
    launcher.api.hold(FAR_CACHE_NAME, HUB, status)
    note_cache(NOTED)
    command.stop_cache(launcher.context)
    assert launcher.api.removed == [f"container {FAR_CACHE_NAME}", f"volume {FAR_CACHE_NAME}"]
    assert noted_cache() is None
    kept = "the 12 MB" if status == "running" else "all"
    assert f"The cache is gone, and {kept} that it kept." in capsys.readouterr().out


def test_a_cache_that_ends_while_it_counts_is_removed_all_the_same(
    launcher: FakeLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Registry) -> int:
        raise EngineError("The engine answered: Container is restarting.")

    monkeypatch.setattr(Registry, "stored_bytes", ended)
    launcher.api.hold(FAR_CACHE_NAME, HUB)
    command.stop_cache(launcher.context)
    assert launcher.api.removed == [f"container {FAR_CACHE_NAME}", f"volume {FAR_CACHE_NAME}"]


def test_a_volume_whose_container_is_gone_already_is_removed_too(launcher: FakeLauncher) -> None:
    launcher.api.hold(FAR_CACHE_NAME, HUB)
    launcher.api.remove_container(FAR_CACHE_NAME)
    command.stop_cache(launcher.context)
    assert f"volume {FAR_CACHE_NAME}" in launcher.api.removed


def test_where_there_is_no_cache_that_is_said_and_the_note_goes(
    launcher: FakeLauncher, capsys: pytest.CaptureFixture[str]
) -> None:
    note_cache(NOTED)
    command.stop_cache(launcher.context)
    assert "There was no cache." in capsys.readouterr().out
    assert noted_cache() is None


@pytest.mark.parametrize("status", ["running", "exited"])
def test_another_s_container_of_that_name_stays(
    launcher: FakeLauncher, status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    launcher.api.hold(FAR_CACHE_NAME, HUB, status, labels={})
    command.stop_cache(launcher.context)
    assert launcher.api.removed == []
    assert "There was no cache." in capsys.readouterr().out
    command.show_cache(launcher.context)
    assert "There is no cache." in capsys.readouterr().out
    with pytest.raises(NameInUse, match="did not make it"):
        command.start_cache(launcher, "docker.io", 5006)


def test_a_cache_that_could_not_be_removed_is_still_noted(
    launcher: FakeLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str, **_: bool) -> None:
        raise APIError("device or resource busy")

    launcher.api.hold(FAR_CACHE_NAME, HUB, "exited")
    monkeypatch.setattr(launcher.api, "remove_container", refused)
    note_cache(NOTED)
    with pytest.raises(EngineError, match="busy"):
        command.stop_cache(launcher.context)
    assert noted_cache() == NOTED
