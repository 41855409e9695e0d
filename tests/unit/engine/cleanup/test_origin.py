"""What clean-up takes for the workbook's own, by its notes, on an engine in memory."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from helpers.engine.base import origin_ledger
from helpers.engine.base.folders import state_dir
from helpers.engine.base.origin_ledger import (
    CONTAINERS,
    HOLDS_SECONDS,
    IMAGES,
    NETWORKS,
    VOLUMES,
    MadeObject,
    asked_for,
    forget,
    noted_objects,
)
from helpers.engine.cleanup.cleanup import clean_up, clean_up_all
from helpers.engine.cleanup.labelled import labelled_by_others
from helpers.engine.cleanup.supplied_images import remove_supplied
from helpers.engine.supply.ledger import announce
from helpers.model.container.outcome import Removed
from helpers.model.course.lesson import LESSONS
from helpers.model.supply.supply import Source
from tests.hostile.image_labels import strangers
from tests.unit.stocked_engine import StockedEngine

NOTHING: dict[str, set[str]] = {"containers": set(), "images": set(), "networks": set()} | {
    "volumes": set()
}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StockedEngine:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    return StockedEngine()


def make_one_of_each(engine: StockedEngine, lesson: str, is_noted: bool = True) -> None:
    """Ours, of every kind; without the note after the answer, as a killed process leaves it."""
    client = engine.client
    container = asked_for(client, lesson, CONTAINERS, image="busybox")
    engine.add_container(f"c{lesson}", container.labels)
    image = asked_for(client, lesson, IMAGES, name=f"app-{lesson}", before=("i",))
    engine.add_image(f"i{lesson}", {"workbook.lesson": lesson}, f"app-{lesson}:latest")
    network = asked_for(client, lesson, NETWORKS, name="net")
    engine.add_network(f"n{lesson}", network.labels)
    volume = asked_for(client, lesson, VOLUMES, name=f"v{lesson}")
    engine.add_volume(f"v{lesson}", volume.labels)
    if is_noted:
        container.made(f"c{lesson}")
        image.made(f"i{lesson}")
        network.made(f"n{lesson}")
        volume.made(f"v{lesson}")


@pytest.mark.parametrize("is_noted", [True, False])
def test_all_that_was_made_goes_also_what_a_killed_process_left(
    engine: StockedEngine, is_noted: bool
) -> None:
    make_one_of_each(engine, "02", is_noted)
    make_one_of_each(engine, "03", is_noted)
    removed = clean_up(engine.client, "02")
    assert removed == Removed(("c02",), ("app-02:latest",), ("n02",), ("v02",))
    assert clean_up_all(engine.client).count == 4
    assert engine.ids == NOTHING
    assert [note for note in noted_objects("stocked") if note.identity] == []


def test_strangers_with_every_label_of_ours_stay(engine: StockedEngine) -> None:
    make_one_of_each(engine, "02")
    for number, labels in enumerate(strangers()):
        for lesson in ({}, {"workbook.lesson": "02"}):
            name = f"s{number}-{len(lesson)}"
            engine.add_container(name, labels | lesson)
            engine.add_image(name, labels | lesson, f"{name}:latest")
            engine.add_network(name, labels | lesson)
            engine.add_volume(name, labels | lesson)
    theirs = {kind: {i for i in ids if i[0] == "s"} for kind, ids in engine.ids.items()}
    for lesson in LESSONS:
        clean_up(engine.client, lesson.number, lesson.names)
    clean_up_all(engine.client)
    assert engine.ids == theirs


def test_what_was_made_of_our_images_is_not_ours(engine: StockedEngine) -> None:
    """It has all labels of the image, and after `docker commit` those of a container as well."""
    make_one_of_each(engine, "02")
    image = engine.stock["images"]["i02"]["Labels"]
    container = engine.stock["containers"]["c02"]["Labels"]
    engine.add_container("theirs", image)
    engine.add_image("child", image, "child:latest")
    engine.add_image("committed", container, "committed:latest")
    engine.add_container("of-committed", container, "committed")
    engine.stock["images"]["i02"]["RepoTags"].append("their-name:1")
    clean_up_all(engine.client)
    assert engine.ids["containers"] == {"theirs", "of-committed"}
    assert engine.ids["images"] == {"child", "committed", "i02"}
    assert engine.stock["images"]["i02"]["RepoTags"] == ["their-name:1"]


@pytest.mark.parametrize("image", ["busybox", "committed"])
def test_a_copy_of_what_a_killed_process_left_is_not_taken_for_it(
    engine: StockedEngine, image: str
) -> None:
    note = asked_for(engine.client, "02", CONTAINERS, image="busybox")
    engine.add_container("copy", note.labels, image)
    if image == "busybox":
        engine.add_container("original", note.labels)
    clean_up_all(engine.client)
    assert "copy" in engine.ids["containers"]


def test_a_volume_with_our_name_that_somebody_made_anew_stays(engine: StockedEngine) -> None:
    note = asked_for(engine.client, "05", VOLUMES, name="workbook-registry")
    note.made("workbook-registry")
    engine.add_volume("workbook-registry", {"workbook.lesson": "05"}, "later")
    clean_up_all(engine.client)
    assert engine.ids["volumes"] == {"workbook-registry"}


def test_images_under_a_registry_go_by_the_note_and_never_by_labels_of_a_volume(
    engine: StockedEngine,
) -> None:
    address, before = "localhost:5004", ("localhost:5004/a:1",)
    note = asked_for(engine.client, "05", VOLUMES, name="r", address=address, before=before)
    note.made("r")
    engine.add_volume("r", note.labels, "written into since")
    forged = {
        "workbook.lesson": "05",
        "workbook.registry": "theirs",
        "workbook.registry.before": "[",
    }
    engine.add_volume("forged", forged)
    for name in ("localhost:5004/a:1", "localhost:5004/b:1", "theirs/c:1"):
        engine.add_image(name, {}, name)
    assert clean_up(engine.client, "05").images == ("localhost:5004/b:1",)
    assert engine.ids["volumes"] == {"forged"}
    assert engine.ids["images"] == {"localhost:5004/a:1", "theirs/c:1"}


@pytest.mark.parametrize("status", [403, 409])
def test_what_somebody_else_uses_stays_noted_and_ends_nothing(
    engine: StockedEngine, status: int
) -> None:
    make_one_of_each(engine, "02")
    engine.busy = {"n02": status}
    assert clean_up(engine.client, "02").count == 3
    engine.busy = {}
    assert clean_up(engine.client, "02").networks == ("n02",)


def test_an_image_of_a_killed_build_is_known_for_a_day_and_only_if_the_tag_was_free(
    engine: StockedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for(engine.client, "03", IMAGES, name="app", before=("old",))
    engine.add_image("old", {"workbook.lesson": "03"}, "app:latest")
    assert clean_up_all(engine.client).count == 0
    engine.stock["images"]["old"]["RepoTags"] = ["aside:latest"]
    engine.add_image("new", {"workbook.lesson": "03"}, "app:latest")
    later = origin_ledger.time.time() + HOLDS_SECONDS + 1
    with monkeypatch.context() as patched:
        patched.setattr(origin_ledger.time, "time", lambda: later)
        assert clean_up(engine.client, "02").count == 0
        assert noted_objects("stocked") == []
    assert engine.ids["images"] == {"old", "new"}


def test_a_damaged_ledger_costs_nothing_but_something_kept(engine: StockedEngine) -> None:
    make_one_of_each(engine, "02")
    path = state_dir() / "made.jsonl"
    whole = path.read_text()
    for damaged in (whole[: len(whole) // 2], "[]", "\x00\xff", "null\n7\n{}\n", ""):
        path.write_text(damaged, errors="replace")
        clean_up(engine.client, "03")
    path.unlink()
    path.mkdir()
    make_one_of_each(engine, "03")
    assert clean_up_all(engine.client).count == 0
    assert all(len(ids) >= 2 for ids in engine.ids.values())


def test_a_stand_in_whose_maker_was_killed_goes_with_what_was_brought(
    engine: StockedEngine,
) -> None:
    for name in ("python:3.13-slim", "busybox:1.37"):
        announce("stocked", name, Source.STAND_IN)
    engine.add_image("ours", {"workbook.stand-in": "packages"}, "python:3.13-slim")
    engine.add_image("official", {}, "busybox:1.37")
    engine.add_image("of-ours", {"workbook.stand-in": "packages"}, "theirs:1")
    assert remove_supplied(engine.client).images == ("python:3.13-slim",)
    assert engine.ids["images"] == {"official", "of-ours"}


def test_what_is_labelled_and_not_noted_is_named(engine: StockedEngine) -> None:
    make_one_of_each(engine, "02")
    assert labelled_by_others(engine.client) == []
    (state_dir() / "made.jsonl").unlink()
    assert labelled_by_others(engine.client) == ["c02", "app-02:latest", "n02", "v02"]


def test_another_engine_has_notes_of_its_own(engine: StockedEngine) -> None:
    make_one_of_each(engine, "02")
    other = StockedEngine()
    other.client.info = lambda: {"ID": "another"}
    assert clean_up_all(other.client).count == 0
    assert clean_up_all(engine.client).count == 4


def _note_many(number: int) -> None:
    client = StockedEngine().client
    for _ in range(50):
        note = asked_for(client, f"{number}", CONTAINERS)
        note.made("gone")
        forget([note])
    asked_for(client, f"{number}", CONTAINERS).made("kept")


def test_several_processes_that_write_and_forget_lose_no_note(engine: StockedEngine) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_note_many, args=(number,)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert sorted(note.lesson for note in noted_objects("stocked")) == ["0", "1", "2"]


def test_the_ledger_is_open_to_its_owner_alone(engine: StockedEngine) -> None:
    make_one_of_each(engine, "02")
    path = state_dir() / "made.jsonl"
    assert path.parent.stat().st_mode & 0o077 == 0


def test_notes_are_whole_after_a_round_trip(engine: StockedEngine) -> None:
    note = asked_for(engine.client, "05", VOLUMES, name="v", address="a", before=("x", "y"))
    assert noted_objects("stocked") == [note]
    note.made("noon")
    (noted,) = noted_objects("stocked", "05")
    assert noted == MadeObject(**{**note.__dict__, "identity": "noon"})
