"""Clean-up removes what the workbook made, and leaves strangers of every kind as they were."""

from __future__ import annotations

import io
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from docker.errors import NotFound

from helpers.engine.base.origin_ledger import NETWORKS, VOLUMES, asked_for
from helpers.engine.cleanup.cleanup import clean_up
from helpers.engine.cleanup.lesson_opening import HOLDS_SECONDS, open_lesson
from helpers.engine.docker import Docker
from tests.engine.conftest import BUSYBOX, LABEL

pytestmark = pytest.mark.engine

NAMES = ("wbs-web", "wbs-data", "wbs-net", "wbs-app")


def build(docker: Docker, tag: str, line: str) -> None:
    text = f"FROM {BUSYBOX}\n{line}\n".encode()
    docker.client.images.build(fileobj=io.BytesIO(text), tag=tag, rm=True, forcerm=True)


def everything(docker: Docker) -> dict[str, Any]:
    """All that is on the engine, as its own lists tell it, without what time alone changes."""
    api = docker.client.api
    containers = [
        {k: item[k] for k in ("Id", "Names", "Image", "State", "Labels")}
        for item in api.containers(all=True)
    ]
    return {
        "containers": sorted(containers, key=lambda item: str(item["Id"])),
        "images": sorted((i["Id"], tuple(i["RepoTags"] or ())) for i in api.images()),
        "networks": sorted((n["Id"], n["Name"]) for n in api.networks()),
        "volumes": sorted(v["Name"] for v in api.volumes()["Volumes"] or []),
    }


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the openings, the test's own."""
    path = tmp_path / "openings.json"
    monkeypatch.setattr("helpers.engine.cleanup.lesson_opening._file", lambda: path)
    return path


@pytest.fixture
def strangers(docker: Docker) -> Iterator[Docker]:
    """A running, a stopped, a paused and a never started container, and all else there is."""
    client = docker.client
    build(docker, "wbs-stranger-image", "ENV whose=theirs")
    network = client.networks.create("wbs-stranger-network")
    volume = client.volumes.create("wbs-stranger-volume")
    common: dict[str, Any] = {"command": "sleep 600", "labels": {"wbs": "stranger"}}
    made = [
        client.containers.run(
            BUSYBOX, name="wbs-web", detach=True, network=network.name,
            volumes={"wbs-stranger-volume": {"bind": "/data"}}, **common,
        ),
        client.containers.run(BUSYBOX, name="wbs-paused", detach=True, **common),
        client.containers.create(BUSYBOX, name="wbs-created", **common),
        client.containers.create("wbs-stranger-image", name="wbs-of-image", **common),
    ]  # fmt: skip
    made[1].pause()
    yield docker
    for container in made:
        container.remove(force=True, v=True)
    network.remove()
    volume.remove()
    client.images.remove("wbs-stranger-image", force=True)


def test_strangers_of_every_kind_are_left_alone(strangers: Docker) -> None:
    docker = strangers
    before = everything(docker)
    open_lesson(docker.client, LABEL, NAMES)
    docker.run(BUSYBOX, "sleep 600", name="wbs-ours")
    client = docker.client
    network = asked_for(client, LABEL, NETWORKS, name="wbs-our-network")
    network.made(client.networks.create("wbs-our-network", labels=network.labels).id)
    volume = asked_for(client, LABEL, VOLUMES, name="wbs-our-volume")
    client.volumes.create("wbs-our-volume", labels=volume.labels)
    volume.made("wbs-our-volume")
    docker.build("-", "wbs-our-image", stdin=f"FROM {BUSYBOX}\nENV whose=ours\n")
    removed = clean_up(docker.client, LABEL, NAMES)
    assert removed.containers == ("wbs-ours",)
    assert removed.networks == ("wbs-our-network",)
    assert removed.volumes == ("wbs-our-volume",)
    assert removed.images == ("wbs-our-image:latest",)
    assert everything(docker) == before


def test_what_the_learner_made_by_hand_under_a_lessons_name_is_removed(docker: Docker) -> None:
    before = everything(docker)
    open_lesson(docker.client, LABEL, NAMES)
    host = ["docker", "--host", docker.endpoint.host]
    for words in (
        ["volume", "create", "wbs-data"],
        ["network", "create", "wbs-net"],
        ["run", "-d", "--name", "wbs-web", "--network", "wbs-net", "-v", "wbs-data:/data",
         BUSYBOX, "sleep", "600"],
    ):  # fmt: skip
        subprocess.run([*host, *words], check=True, capture_output=True)
    build(docker, "wbs-app", "ENV a=b")
    removed = clean_up(docker.client, LABEL, NAMES)
    assert removed.containers == ("wbs-web",)
    assert removed.volumes == ("wbs-data",)
    assert removed.networks == ("wbs-net",)
    assert removed.images == ("wbs-app",)
    assert everything(docker) == before


def test_without_a_note_of_the_opening_no_name_is_trusted(docker: Docker) -> None:
    mine = docker.client.containers.create(BUSYBOX, "true", name="wbs-web")
    try:
        assert clean_up(docker.client, LABEL, NAMES).count == 0
        assert docker.container("wbs-web").status == "created"
    finally:
        mine.remove()


def test_a_damaged_note_trusts_no_name_either(docker: Docker, notes: Path) -> None:
    open_lesson(docker.client, LABEL, NAMES)
    mine = docker.client.containers.create(BUSYBOX, "true", name="wbs-web")
    try:
        kept = notes.read_text()
        for damaged in (kept[: len(kept) // 2], "[]", kept.replace('"at"', '"when"')):
            notes.write_text(damaged)
            assert clean_up(docker.client, LABEL, NAMES).count == 0
    finally:
        mine.remove()


def by_hand(docker: Docker, name: str) -> str:
    """The id of a container that somebody makes without the helpers."""
    made = docker.client.containers.create(BUSYBOX, "true", name=name)
    return str(made.id)


@pytest.fixture
def names(docker: Docker) -> Iterator[tuple[str, ...]]:
    """The lesson's names, which nobody has before and nobody has after the test."""
    yield NAMES
    for name in NAMES:
        with suppress(NotFound):
            docker.client.api.remove_container(name, force=True)


def lesson_of(docker: Docker, names: tuple[str, ...]) -> Docker:
    """The lesson as a kernel that was just started opens it."""
    return Docker(docker.client, docker.endpoint, LABEL, names)


def is_there(docker: Docker, id: str) -> bool:
    return id in {item["Id"] for item in docker.client.api.containers(all=True)}


def test_a_clean_up_in_the_middle_does_not_shield_what_comes_later(
    docker: Docker, names: tuple[str, ...]
) -> None:
    lesson = lesson_of(docker, names)
    lesson.clean_up()
    made = by_hand(docker, "wbs-web")
    assert lesson.clean_up().containers == ("wbs-web",)
    assert not is_there(docker, made)


def test_a_restarted_kernel_still_knows_what_the_learner_made(
    docker: Docker, names: tuple[str, ...]
) -> None:
    first = lesson_of(docker, names)
    first.clean_up()
    first.run(BUSYBOX, "true", detach=False)
    by_hand(docker, "wbs-web")
    assert "wbs-web" in lesson_of(docker, names).clean_up().containers


def test_what_took_the_name_after_the_lesson_was_cleaned_up_is_somebody_elses(
    docker: Docker, names: tuple[str, ...]
) -> None:
    lesson_of(docker, names).clean_up()
    theirs = by_hand(docker, "wbs-web")
    assert lesson_of(docker, names).clean_up().count == 0
    assert is_there(docker, theirs)


def test_a_lesson_left_open_for_days_trusts_no_name(
    docker: Docker, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson_of(docker, names)
    theirs = by_hand(docker, "wbs-web")
    later = time.time() + HOLDS_SECONDS + 1
    monkeypatch.setattr("helpers.engine.cleanup.lesson_opening.time.time", lambda: later)
    assert lesson_of(docker, names).clean_up().count == 0
    assert is_there(docker, theirs)


def test_a_second_clean_up_has_nothing_to_do(docker: Docker) -> None:
    docker.run(BUSYBOX, "sleep 600")
    assert docker.clean_up().count == 1
    assert docker.clean_up().count == 0


def test_one_lesson_does_not_clean_up_after_another(docker: Docker) -> None:
    other = Docker(docker.client, docker.endpoint, "tests-other")
    kept = other.run(BUSYBOX, "sleep 600", name="wbs-other")
    docker.clean_up()
    assert kept.status == "running"
    assert other.clean_up().containers == ("wbs-other",)
