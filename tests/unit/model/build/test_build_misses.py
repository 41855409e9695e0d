"""Why a step missed the cache."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.model.build.cache_misses import Miss, misses_of
from helpers.model.build.copied_files import copied
from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.inputs import BuildInputs, FileStamp, fingerprint, with_known_digests
from helpers.model.build.step import BuildStep

TEXT = """\
FROM python:3.13-slim AS app
ARG EXTRA=1
ENV MODE=fast
COPY requirements.txt .
RUN pip install -r requirements.txt
LABEL who=me
COPY . .
"""
STEPS = [
    BuildStep(str(line), text, text, "app", line, inputs, 1.0, 2.0, cached=line == 1)
    for line, text, inputs in (
        (1, "FROM python:3.13-slim AS app", ()),
        (4, "COPY requirements.txt .", ("1", "context")),
        (5, "RUN pip install -r requirements.txt", ("4",)),
        (7, "COPY . .", ("5", "context")),
    )
]
FILES = {
    "requirements.txt": FileStamp(0o644, 10, 1, digest="r1"),
    "app.py": FileStamp(0o644, 20, 1, digest="a1"),
    "docs/a.md": FileStamp(0o644, 30, 1, digest="d1"),
}
BEFORE = BuildInputs(TEXT, {"EXTRA": fingerprint("1")}, {"python:3.13-slim": "sha256:aaa"}, FILES)


def why(first: int, **changes: object) -> Miss:
    """Why the step of that line missed, where all from it on ran and these inputs changed."""
    steps = [replace(step, cached=(step.line or 0) < first) for step in STEPS]
    inputs = replace(BEFORE, **changes)  # type: ignore[arg-type]
    return misses_of(steps, inputs, BEFORE)[0]


def changed(path: str, **facts: object) -> dict[str, FileStamp]:
    return {**FILES, path: FILES[path]._replace(**facts)}


def test_a_file_that_changed_is_named() -> None:
    miss = why(7, files=changed("app.py", digest="a2", modified_ns=2))
    assert (miss.cause, miss.files, miss.reason) == ("files", ("app.py",), "app.py changed.")


def test_files_that_came_and_went_and_many() -> None:
    files = {key: FILES[key] for key in ("requirements.txt", "docs/a.md")}
    many = {f"new{place}": FileStamp(0o644, 1, 1) for place in range(9)}
    miss = why(7, files={**files, **many})
    assert miss.reason == (
        "app.py is gone, new0 is new, new1 is new, new2 is new, new3 is new, and 5 more."
    )
    assert len(miss.files) == 10


def test_only_files_that_the_step_copies_count() -> None:
    assert why(4, files=changed("app.py", digest="a2")).cause == "gone"
    assert why(4, files=changed("requirements.txt", size_bytes=11)).files == ("requirements.txt",)


def test_a_time_alone_is_no_change_and_a_mode_is() -> None:
    assert why(7, files=changed("app.py", modified_ns=2)).cause == "gone"
    assert why(7, files=changed("app.py", mode=0o755)).files == ("app.py",)


def test_without_digests_the_time_decides() -> None:
    unread = FileStamp(0o644, 20, 2)
    assert not unread.is_like(FILES["app.py"])
    assert unread._replace(modified_ns=1).is_like(FILES["app.py"])
    known = with_known_digests({"app.py": FileStamp(0o644, 20, 1)}, FILES)
    assert known["app.py"].digest == "a1"
    assert not with_known_digests({"app.py": unread}, FILES)["app.py"].digest


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("RUN pip install -r requirements.txt", "RUN pip install flask", 5,
         "It was `RUN pip install -r requirements.txt`."),
        ("MODE=fast", "MODE=slow", 5, "Line 3, above it, was `ENV MODE=fast`."),
        ("COPY . .\n", "COPY . .\nRUN last\n", 8, "It is new."),
    ],
)  # fmt: skip
def test_an_instruction_that_is_not_what_it_was(old: str, new: str, line: int, reason: str) -> None:
    text = TEXT.replace(old, new)
    step = BuildStep("x", "n", "t", "app", line, (), 1.0, 2.0)
    (miss,) = misses_of([step], replace(BEFORE, dockerfile=text), BEFORE)
    assert (miss.cause, miss.reason) == ("instruction", reason)


def test_what_only_describes_the_image_is_no_reason() -> None:
    assert why(7, dockerfile=TEXT.replace("who=me", "who=you")).cause == "gone"


def test_an_argument_counts_for_steps_that_can_see_it() -> None:
    other = {"EXTRA": fingerprint("2")}
    assert (
        why(5, arguments=other).reason == "The build argument EXTRA has another value than before."
    )
    assert why(7, arguments=other).cause == "gone"


def test_another_base() -> None:
    miss = why(4, bases={"python:3.13-slim": "sha256:bbb"})
    assert miss.cause == "base"
    assert miss.reason == "python:3.13-slim is another image than before: aaa, now bbb."


def test_what_comes_after_a_step_that_ran_says_so() -> None:
    steps = [replace(step, cached=(step.line or 0) < 4) for step in STEPS]
    misses = misses_of(
        steps, replace(BEFORE, files=changed("requirements.txt", digest="r2")), BEFORE
    )
    assert [miss.cause for miss in misses] == ["files", "earlier step", "earlier step"]
    assert misses[1].after == steps[1]
    assert repr(misses[2]) == "line 7: It builds on line 5, which ran again."


def test_first_build_and_no_cache() -> None:
    ran = [step for step in STEPS if not step.cached]
    assert {miss.cause for miss in misses_of(STEPS, BEFORE, None)} == {"first build"}
    assert len(misses_of(STEPS, BEFORE, None)) == len(ran)
    assert why(4, no_cache=True).cause == "no cache"


def test_a_stage_that_is_new() -> None:
    text = f"FROM busybox AS first\nRUN x\n{TEXT}"
    step = BuildStep("x", "RUN x", "RUN x", "first", 2, (), 1.0, 2.0)
    (miss,) = misses_of([step], replace(BEFORE, dockerfile=text), replace(BEFORE, dockerfile=TEXT))
    assert miss.cause == "instruction"


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("COPY app.py docs /x/", ["app.py", "docs/a.md"]), ("COPY ./docs/ /x", ["docs/a.md"]),
        ('COPY ["app.py", "/x"]', ["app.py"]), ("COPY *.txt /", ["requirements.txt"]),
        ("COPY --chown=1 --from=one app.py /", []), ("ADD https://example.org/app.py /", []),
        ("COPY <<EOF /x", []), ("COPY / /", list(FILES)), ("COPY $WHAT /", list(FILES)),
        ("RUN --mount=type=bind,source=docs,target=/d ls", ["docs/a.md"]),
        ("RUN --mount=type=cache,target=/cache pip", []), ("RUN ls app.py", []),
        ("COPY --chmod=755 d* /", ["docs/a.md"]),
    ],
)  # fmt: skip
def test_the_files_that_an_instruction_reads(line: str, read: list[str]) -> None:
    (_, instruction) = read_dockerfile(f"FROM a\n{line}\nEOF\n").instructions[:2]
    assert copied(instruction, FILES) == read
