"""The catalogue holds together."""

from __future__ import annotations

from helpers.engine.supply.mmdebstrap import SCRIPTS
from helpers.model.course.lesson import LESSONS
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import CATALOGUE, images_for, lesson_image


def test_each_entry_is_named_with_a_tag_and_used_by_a_lesson() -> None:
    numbers = {lesson.number for lesson in LESSONS}
    for image in CATALOGUE:
        assert str(ImageReference.parse(image.name)) == image.name
        assert not image.name.endswith(":latest")
        assert image.lessons
        assert set(image.lessons) <= numbers
        assert image.size_bytes > 1_000_000


def test_each_stand_in_has_its_script_and_starts_something() -> None:
    recipes = [image.stand_in for image in CATALOGUE if image.stand_in]
    assert all(image.stand_in or image.own for image in CATALOGUE)
    for recipe in recipes:
        assert (SCRIPTS / recipe.script).is_file()
        assert any(line.startswith("CMD ") for line in recipe.instructions)


def test_the_first_lessons_need_busybox_and_python() -> None:
    assert [image.name for image in images_for(["00", "01"])] == [
        "busybox:1.37",
        "python:3.13-slim",
    ]
    assert images_for() == CATALOGUE
    assert images_for([]) == ()


def test_an_image_is_found_however_its_name_is_written() -> None:
    for name in ("python:3.13-slim", "docker.io/library/python:3.13-slim"):
        found = lesson_image(ImageReference.parse(name))
        assert found is not None
        assert found.name == "python:3.13-slim"
    assert lesson_image(ImageReference.parse("python:3.12-slim")) is None
    assert lesson_image(ImageReference.parse("ghcr.io/python:3.13-slim")) is None
