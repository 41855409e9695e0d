"""How the exercises of lesson 01 are judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.exercises.lookup import find_image
from helpers.model.course.exercise import Finding, Outcome, not_started, not_yet, passed
from helpers.model.text.units import format_bytes

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.engine.image.image import Image
    from helpers.model.layers.file_entry import FileEntry

BOUND_BYTES = 10_000  # what may be hidden: a directory's change or two, and not a file

PARCEL, LIGHT = "parcel", "parcel-light"
SOUGHT, COMPANION = "var/cache.bin", "var/index.bin"
PARCEL_KEEPS = {
    "srv/shop/state": (5, 0o644),
    "srv/shop/server": (300_000, 0o700),
    "etc/motd": (5, 0o644),
}
LIGHT_EXPECTED = (
    f"`{LIGHT}` has the files of `{PARCEL}` but for those that one instruction brought, "
    f"and hides less than {format_bytes(BOUND_BYTES)}"
)

FAT, SLIM = "fat-report", "slim-report"
REPORT = {"report/summary.txt": (22, 0o644), "report/table.dat": (2_000_000, 0o640)}
SLIM_EXPECTED = (
    f"`{SLIM}` has the same two files in `/report` as `{FAT}`, "
    f"and its layers hide less than {format_bytes(BOUND_BYTES)} from each other"
)

ANSWER, LABEL = "answer", "shared-bytes"
ANSWER_EXPECTED = (
    f"the label `{LABEL}` of `{ANSWER}` is the bytes that `{PARCEL}` and `{FAT}` share, within 10 %"
)


def check_light(docker: Docker) -> Finding:
    """Whether the image is there without what that instruction brought, hidden bytes included."""
    image = find_image(docker, LIGHT)
    if image is None:
        return not_started(f"There is no image named `{LIGHT}` yet.", LIGHT_EXPECTED)
    files = image.files()
    if SOUGHT in files:
        return not_yet(
            f"`/{SOUGHT}` is still in `{LIGHT}`.",
            LIGHT_EXPECTED,
            f"What does the explorer say of `/{SOUGHT}`, when you choose it in the tree?",
        )
    if COMPANION in files:
        return not_yet(
            f"`/{SOUGHT}` is gone, and `/{COMPANION}`, which came with it, is still there.",
            LIGHT_EXPECTED,
            "What else did that instruction bring?",
        )
    if difference := _difference(files, PARCEL_KEEPS):
        return not_yet(
            difference, LIGHT_EXPECTED, "Did more than one instruction go, or another one?"
        )
    if image.wasted_bytes > BOUND_BYTES:
        return not_yet(
            f"`/{SOUGHT}` cannot be seen any more, and {format_bytes(image.wasted_bytes)} of "
            f"`{LIGHT}` are hidden.",
            LIGHT_EXPECTED,
            "Does an instruction that deletes make an image smaller?",
        )
    return passed(f"`{LIGHT}` has all that is needed, and not a byte of `/{SOUGHT}`.")


def check_slim(docker: Docker) -> Finding:
    """Whether the image holds the same report, and wastes less than the bound."""
    image = find_image(docker, SLIM)
    if image is None:
        return not_started(f"There is no image named `{SLIM}` yet.", SLIM_EXPECTED)
    files = image.files()
    if difference := _difference(files, REPORT):
        return not_yet(difference, SLIM_EXPECTED, "What does `ls -l /report` show in each of both?")
    more = sorted(path for path in files if path.startswith("report/") and path not in REPORT)
    if more:
        return not_yet(
            f"`/{more[0]}` is in `{SLIM}`, and not in `{FAT}`.",
            SLIM_EXPECTED,
            "Who needs that file once the report is written?",
        )
    if image.wasted_bytes >= BOUND_BYTES:
        return _still_wasteful(image)
    return passed(
        f"`{SLIM}` has the same report, and wastes {format_bytes(image.wasted_bytes)}: "
        f"its efficiency is {image.efficiency:.2f}."
    )


def _still_wasteful(image: Image) -> Finding:
    worst = max(image.wasted(), key=lambda waste: waste.size_bytes)
    questions = {
        "metadata": "How could the file have its mode from the start, in the instruction "
        "that writes it?",
        "removed": "Can a file be made, used and deleted within one instruction?",
    }
    return not_yet(
        f"`{SLIM}` wastes {format_bytes(image.wasted_bytes)}, most of it by `/{worst.path}` "
        f"({worst.kind}).",
        SLIM_EXPECTED,
        questions.get(worst.kind, "Which two instructions write the same file?"),
    )


def check_answer(docker: Docker) -> Finding:
    """Whether the label of that image says how many bytes the two others share."""
    image = find_image(docker, ANSWER)
    if image is None:
        return not_started(f"There is no image named `{ANSWER}` yet.", ANSWER_EXPECTED)
    value = image.labels.get(LABEL)
    if value is None:
        return not_yet(
            f"`{ANSWER}` has no label `{LABEL}`.",
            ANSWER_EXPECTED,
            "Which instruction gives an image a label? (`docker build --label` does it as well.)",
        )
    if not (digits := value.replace(",", "").replace("_", "").strip()).isdecimal():
        return not_yet(
            f"The label says `{value}`.",
            ANSWER_EXPECTED,
            "How many bytes is that, in digits alone?",
        )
    one, other = find_image(docker, PARCEL), find_image(docker, FAT)
    if one is None or other is None:
        return not_yet(
            f"`{PARCEL if one is None else FAT}` is not on the engine any more.",
            ANSWER_EXPECTED,
            "Which cell of the lesson builds it?",
        )
    return _judged(int(digits), one, other)


def _judged(size_bytes: int, one: Image, other: Image) -> Finding:
    shared = one.shared_with(other).size_bytes
    if _is_about(size_bytes, shared):
        return passed(f"They share {shared:,} bytes, which are on the disk once.")
    sizes = {image.name: sum(layer.size_bytes for layer in image.layers) for image in (one, other)}
    for name, size in sizes.items():
        if _is_about(size_bytes, size):
            return not_yet(
                f"{size_bytes:,} bytes is all of `{name}`.",
                ANSWER_EXPECTED,
                "Which of its layers does the other image have, too?",
            )
    if _is_about(size_bytes, sum(sizes.values()) - shared):
        return not_yet(
            f"{size_bytes:,} bytes is what both take together.",
            ANSWER_EXPECTED,
            "And how much of that is there for both of them?",
        )
    much = "few" if size_bytes < shared else "many"
    return not_yet(
        f"The label says {size_bytes:,} bytes, which is too {much}.",
        ANSWER_EXPECTED,
        "Which layers are in both images, and how large is each of them?",
    )


def answer_hint(docker: Docker) -> str:
    """The hint that fits what is on the engine."""
    if check_answer(docker).outcome is Outcome.PASSED:
        return f"`{ANSWER}` is right already. Check it."
    return (
        f"`engine.image('{PARCEL}').shared_with(engine.image('{FAT}'))` counts the bytes. Then "
        f"`LABEL {LABEL}=…` is one line under `FROM busybox:1.37`, built as `{ANSWER}`."
    )


def _difference(files: Mapping[str, FileEntry], wanted: Mapping[str, tuple[int, int]]) -> str:
    """The first of the wanted files that is missing or differs, in words; empty for none."""
    for path, (size_bytes, mode) in wanted.items():
        entry = files.get(path)
        if entry is None:
            return f"`/{path}` is missing."
        if entry.size_bytes != size_bytes:
            return f"`/{path}` has {entry.size_bytes:,} bytes, and should have {size_bytes:,}."
        if entry.mode != mode:
            return f"`/{path}` has mode {entry.mode:o}, and should have {mode:o}."
    return ""


def _is_about(size: int, true: int) -> bool:
    """Within 10 %: an engine may count the blocks that files take, and not their content."""
    return abs(size - true) <= true / 10
