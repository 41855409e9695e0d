"""Strangers' objects with every label of ours outlive every clean-up; what we made does not."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.project_files import ROOT
from helpers.engine.cleanup.cleanup import clean_up, clean_up_all
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.supply import ImageSupply
from helpers.launcher.removal import clean_engine
from helpers.model.course.lesson import LESSONS
from tests.engine.labelled import remove_labelled
from tests.hostile.image_labels import MALFORMED, OURS

pytestmark = pytest.mark.engine

BUSYBOX, LESSON = "busybox:1.37", "hostile"
LABELS = OURS | {"workbook.lesson": LESSON, "workbook.registry": "whost"}
THEIRS = ("whost-child", "whost-committed:1", "whost-tagged:1")
KILLED = f"""
import os, signal, sys
from helpers.engine.base.origin_ledger import NETWORKS, VOLUMES, MadeObject, asked_for
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker

client, endpoint = find_client()
docker = Docker(client, endpoint, "{LESSON}")
kind = sys.argv[1]
MadeObject.made = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if kind == "containers":
    docker.run("{BUSYBOX}", "sleep 600", name="whost-killed")
if kind == "images":
    docker.build("-", "whost-killed", stdin="FROM {BUSYBOX}\\nENV who=killed\\n")
if kind == "networks":
    note = asked_for(client, "{LESSON}", NETWORKS, name="whost-killed")
    note.made(client.api.create_network("whost-killed", labels=note.labels)["Id"])
if kind == "volumes":
    note = asked_for(client, "{LESSON}", VOLUMES, name="whost-killed")
    client.api.create_volume("whost-killed", labels=note.labels)
    note.made("whost-killed")
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Docker]:
    """A lesson with a state folder of its own; nothing of the test is left."""
    client, endpoint = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    yield Docker(client, Endpoint(endpoint.host, "a test"), LESSON)
    remove_labelled(client, LESSON)
    client.close()


def everything(docker: Docker) -> dict[str, set[Any]]:
    """All of this test that is on the engine, with the state of each container."""
    api = docker.client.api
    return {
        "containers": {
            (item["Id"], item["State"])
            for item in api.containers(all=True)
            if item["Names"][0].startswith("/whost")
        },
        "images": {
            (tag, item["Id"])
            for item in api.images()
            for tag in item["RepoTags"] or []
            if tag.startswith("whost")
        },
        "networks": {item["Id"] for item in api.networks() if item["Name"].startswith("whost")},
        "volumes": {
            item["Name"]
            for item in api.volumes()["Volumes"] or []
            if item["Name"].startswith("whost")
        },
    }


def clean_all_lessons(docker: Docker) -> None:
    for lesson in LESSONS:
        clean_up(docker.client, lesson.number, lesson.names)
    docker.clean_up()
    clean_up_all(docker.client)
    clean_engine(everything=True)


def test_strangers_of_every_kind_with_every_label_of_ours_stay(docker: Docker) -> None:
    api = docker.client.api
    docker.build("-", "whost-ours", stdin=f"FROM {BUSYBOX}\nENV whose=ours\n")
    ours = docker.run("whost-ours", "sleep 600", name="whost-of-ours")
    api.commit(ours.id, "whost-committed", "1")
    api.tag("whost-ours", "whost-tagged", "1")
    docker.client.images.build(
        fileobj=io.BytesIO(b"FROM whost-ours\nENV whose=theirs\n"), tag="whost-child"
    )
    ours.remove(force=True)
    api.create_network("whost-net", labels=LABELS)
    for number, text in enumerate(("", *MALFORMED[:6])):
        odd = {"workbook.registry.before": text, "workbook.token": text} if number else {}
        api.create_volume(f"whost-vol-{number}", labels=LABELS | odd)
    api.tag(BUSYBOX, "whost/under-a-registry", "1")
    made = {
        state: api.create_container(image, "sleep 600", name=f"whost-{state}", labels=LABELS)["Id"]
        for state, image in zip(("running", "paused", "created"), THEIRS, strict=True)
    }
    for state in ("running", "paused"):
        api.start(made[state])
    api.pause(made["paused"])
    before = everything(docker)
    try:
        clean_all_lessons(docker)
        before["images"] -= {item for item in before["images"] if item[0] == "whost-ours:latest"}
        assert everything(docker) == before
    finally:
        for identity in made.values():
            api.remove_container(identity, force=True)
        for name in ("whost/under-a-registry:1", *THEIRS):
            api.remove_image(name, force=True)


@pytest.mark.parametrize("kind", ["containers", "images", "networks", "volumes"])
def test_what_a_killed_process_made_goes_at_the_next_clean_up(docker: Docker, kind: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, kind],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == -9, ended.stderr
    assert len(everything(docker)[kind]) == 1
    docker.clean_up()
    assert everything(docker)[kind] == set()


def test_what_an_older_session_made_goes_too(docker: Docker) -> None:
    docker.run(BUSYBOX, "sleep 600", name="whost-older")
    docker.build("-", "whost-older", stdin=f"FROM {BUSYBOX}\nENV whose=older\n")
    client, endpoint = find_client()
    removed = Docker(client, endpoint, LESSON).clean_up()
    client.close()
    assert (removed.containers, removed.images) == (("whost-older",), ("whost-older:latest",))


def test_what_a_learner_labels_by_hand_is_theirs_unless_its_name_is_declared(
    docker: Docker,
) -> None:
    client, labels = docker.client, {"workbook.lesson": LESSON}
    lesson = Docker(client, docker.endpoint, LESSON, ("whost-declared",))
    for name in ("whost-declared", "whost-theirs"):
        client.api.create_container(BUSYBOX, ["true"], name=name, labels=labels)
    assert lesson.clean_up().containers == ("whost-declared",)
    assert docker.container("whost-theirs").status == "created"


def test_a_volume_that_was_there_before_stays_whatever_is_written_into_it(docker: Docker) -> None:
    """An engine tells as its creation when something last changed in it."""
    api, name = docker.client.api, "whost-theirs"
    api.create_volume(name)
    try:
        lesson = Docker(docker.client, docker.endpoint, LESSON, (name,))
        time.sleep(1.1)  # the engine counts in seconds
        lesson.run(BUSYBOX, "touch /data/new", volumes={name: "/data"}, detach=False)
        assert lesson.clean_up().volumes == ()
        assert api.inspect_volume(name)
    finally:
        api.remove_volume(name, force=True)
