"""How the exercises of lesson 03 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.exercises.lesson_03_files import PRESS, PRESS_DRAFT_BYTES
from helpers.exercises.lookup import find_image
from helpers.model.course.exercise import Finding, Outcome, not_started, not_yet, passed
from helpers.model.text.answer_parts import text_in, texts_of
from helpers.model.text.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.engine.docker import Docker
    from helpers.engine.image.image import Image
    from helpers.model.layers.file_entry import FileEntry
    from helpers.model.layers.image_layers import Layer

BASE = "busybox:1.37"

FIRST, SECOND = "bakery:1", "bakery:2"
CODE, CATALOGUE = "serve.sh", "catalogue.txt"
BAKERY_EXPECTED = (
    f"`{FIRST}` and `{SECOND}` were built before and after a change of `{CODE}`, and differ in "
    "one layer, since nothing else was done again"
)

LIGHT, PAGES = "press-light", ("www/index.html", "www/hours.html")
BOUND_BYTES = 100_000
LIGHT_EXPECTED = (
    f"`{LIGHT}` has the two pages in `/www`, serves them, and is less than "
    f"{format_bytes(BOUND_BYTES)} larger than `{BASE}`"
)


def check_bakery(docker: Docker) -> Finding:
    """Whether the second image differs from the first in the layer with the code alone."""
    first, second = find_image(docker, FIRST), find_image(docker, SECOND)
    if first is None and second is None:
        return not_started(f"There is no image `{FIRST}` and no `{SECOND}` yet.", BAKERY_EXPECTED)
    if first is None or second is None:
        there = FIRST if second is None else SECOND
        return not_yet(
            f"There is `{there}` alone.",
            BAKERY_EXPECTED,
            f"What will the engine do, if you change a line of `{CODE}` and build again, with the "
            "other tag?",
        )
    for image in (first, second):
        if missing := [name for name in (CODE, CATALOGUE) if not _paths(image, name)]:
            return not_yet(
                f"`{missing[0]}` is missing in `{image.name}`.",
                BAKERY_EXPECTED,
                "Which instruction of the Dockerfile you were given brings or makes it?",
            )
    return _rebuilt(first, second)


def _rebuilt(first: Image, second: Image) -> Finding:
    known = {layer.diff_id for layer in first.layers}
    new = [layer for layer in second.layers if layer.diff_id and layer.diff_id not in known]
    if not new or not any(_brings(layer, CODE) for layer in new):
        return not_yet(
            f"`{CODE}` is the same in both.",
            BAKERY_EXPECTED,
            f"Did you change a line of `{CODE}`, and save it, between the two builds?",
        )
    again = next((layer for layer in new if _brings(layer, CATALOGUE)), None)
    if again is not None:
        return not_yet(
            f"`{CATALOGUE}` was made anew for `{SECOND}`, by `{again.instruction}`.",
            BAKERY_EXPECTED,
            f"Which files does `prepare.sh` read? Is `{CODE}` one of them? (Both images must be "
            "built with the better Dockerfile.)",
        )
    if len(new) > 1:
        return not_yet(
            f"{len(new)} layers of `{SECOND}` are new: "
            f"{', '.join(f'`{layer.instruction}`' for layer in new)}.",
            BAKERY_EXPECTED,
            f"What could stand before the line that brings `{CODE}`?",
        )
    return passed(f"Between the two, `{new[0].instruction}` alone was done again.")


def check_light(docker: Docker) -> Finding:
    """Whether the image has the pages, a server for them, and next to nothing besides."""
    image, base = find_image(docker, LIGHT), find_image(docker, BASE)
    if image is None:
        return not_started(f"There is no image named `{LIGHT}` yet.", LIGHT_EXPECTED)
    files = image.files()
    for path in PAGES:
        wanted = len(PRESS[path.replace("www", "pages")].replace("daily", "weekly"))
        if path not in files or files[path].size_bytes != wanted:
            return not_yet(
                f"`/{path}` of `{LIGHT}` is missing, or is not what `print.sh` makes of it.",
                LIGHT_EXPECTED,
                "Where does `print.sh` put the pages, and do they get from there into the image?",
            )
    command, folder = _started(docker)
    if "httpd" not in command or ("/www" not in command and folder != "/www"):
        return not_yet(
            f"`{LIGHT}` starts with `{command or 'nothing'}`, which serves no pages.",
            LIGHT_EXPECTED,
            "Which instruction says what a container of it runs?",
        )
    size = image.content.all_bytes - (base.content.all_bytes if base else 0)
    if size >= BOUND_BYTES:
        return _too_large(image, files, size)
    return passed(f"`{LIGHT}` is {format_bytes(max(size, 0))} larger than `{BASE}`.")


def _too_large(image: Image, files: Mapping[str, FileEntry], size: int) -> Finding:
    observed = f"`{LIGHT}` is {format_bytes(size)} larger than `{BASE}`"
    if image.wasted_bytes > BOUND_BYTES:
        worst = max(image.wasted(), key=lambda waste: waste.size_bytes)
        return not_yet(
            f"{observed}, {format_bytes(image.wasted_bytes)} of it hidden: `/{worst.path}`.",
            LIGHT_EXPECTED,
            "Can a later instruction make an image smaller? What of a stage of its own?",
        )
    if any(entry.size_bytes == PRESS_DRAFT_BYTES for entry in files.values()):
        return not_yet(
            f"{observed}: the drafts are in it.",
            LIGHT_EXPECTED,
            "Who needs the drafts? What could keep them out of the context?",
        )
    worst_file = max(files.values(), key=lambda entry: entry.size_bytes)
    return not_yet(
        f"{observed}. Its largest file is `/{worst_file.path}`.",
        LIGHT_EXPECTED,
        "Which of its files does a container of it need?",
    )


def bakery_hint(docker: Docker) -> str:
    """The hint that fits what is on the engine."""
    lines = (
        f"`COPY recipes.txt prepare.sh ./`, then `RUN sh prepare.sh`, and only then `COPY {CODE} .`"
    )
    if check_bakery(docker).outcome is Outcome.NOT_STARTED:
        return f"In `bakery/Dockerfile`: {lines}. Build it as `{FIRST}`."
    return (
        f"In `bakery/Dockerfile`: {lines}. Build `{FIRST}` again, change a line, build the other."
    )


def _paths(image: Image, name: str) -> list[str]:
    return [path for path in image.files() if path.rpartition("/")[2] == name]


def _brings(layer: Layer, name: str) -> bool:
    return any(
        change.path.rpartition("/")[2] == name and change.kind != "removed"
        for change in layer.changes
    )


def _started(docker: Docker) -> tuple[str, str]:
    """What a container of it runs, and in which folder: httpd serves that one without `-h`."""
    inspected: Any = docker.client.api.inspect_image(LIGHT)
    words = [*texts_of(inspected, "Config", "Entrypoint"), *texts_of(inspected, "Config", "Cmd")]
    return " ".join(words), text_in(inspected, "Config", "WorkingDir").rstrip("/")
