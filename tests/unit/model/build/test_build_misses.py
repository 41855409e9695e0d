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


BASED = "ARG V=1\nFROM repo:${V}\nCOPY a /\nRUN x\n"


def compared(
    text: str, line: int, then: BuildInputs | None = None, **now: object
) -> tuple[str, str]:
    """(cause, reason) for the only step that ran, that of the line; the earlier build is `then`."""
    then = then or BuildInputs(text)
    step = BuildStep("x", "n", "t", "", line, (), 1.0, 2.0)
    (miss,) = misses_of([step], replace(then, **{"dockerfile": text, **now}), then)  # type: ignore[arg-type]
    return miss.cause, miss.reason


def test_the_default_of_an_argument_before_from() -> None:
    text = BASED.replace("V=1", "V=2")
    reason = "The argument V is 2; before, it was 1."
    assert compared(text, 3, BuildInputs(BASED)) == ("argument", reason)
    chain = "ARG A=1\nARG V=$A\nFROM repo:${V}\nCOPY a /\n"
    changed_chain = chain.replace("A=1", "A=2")
    assert compared(changed_chain, 4, BuildInputs(chain))[0] == "argument"


def test_a_build_argument_that_from_names() -> None:
    then = BuildInputs(BASED, {"V": fingerprint("1")})
    cause, reason = compared(BASED, 3, then, arguments={"V": fingerprint("2")})
    assert (cause, reason) == ("argument", "The build argument V has another value than before.")
    assert compared(BASED, 3, then, arguments={"W": "1", **then.arguments})[0] == "gone"


@pytest.mark.parametrize("line", ["COPY --from=repo:1 /f /", "RUN --mount=from=repo:1,target=/m x"])
def test_an_image_that_the_step_itself_names(line: str) -> None:
    then = BuildInputs(f"FROM b\n{line}\nRUN y\n", bases={"b": "sha256:b", "repo:1": "sha256:1"})
    other = {"b": "sha256:b", "repo:1": "sha256:2"}
    assert compared(then.dockerfile, 2, then, bases=other)[0] == "base"
    assert compared(then.dockerfile, 3, then, bases=other)[0] == "gone"


def test_options_of_the_command() -> None:
    text = "FROM b\nCOPY a /\nRUN x\n"
    assert compared(text, 3, network="none") == (
        "option", "It was built with `--network none`, before with no `--network`.",
    )  # fmt: skip
    assert compared(text, 2, network="none")[0] == "gone"
    assert compared(text, 2, platform="linux/arm64")[0] == "option"


@pytest.mark.parametrize("other", ["ENV M=2", "USER you", 'SHELL ["sh"]', "ARG W=2"])
def test_what_is_set_above_a_copy_is_no_reason_where_a_file_is(other: str) -> None:
    was = other.replace("2", "1").replace("you", "me").replace("sh", "ash")
    then = BuildInputs(f"FROM b\n{was}\nCOPY app.py /\nRUN x\n", files=FILES)
    now = f"FROM b\n{other}\nCOPY app.py /\nRUN x\n"
    assert compared(now, 3, then, files=changed("app.py", digest="a2"))[0] == "files"
    cause, reason = compared(now, 3, then)
    assert (cause, reason.startswith("Perhaps ")) == ("instruction", True)
    assert compared(now, 4, then)[0] == "instruction"
    assert not compared(now, 4, then)[1].startswith("Perhaps")


def test_what_a_copy_names_is_a_reason() -> None:
    then = BuildInputs("FROM b\nENV D=/a\nCOPY app.py $D\n", files=FILES)
    assert compared(then.dockerfile.replace("/a", "/b"), 3, then) == (
        "instruction", "Line 2, above it, was `ENV D=/a`.",
    )  # fmt: skip


def test_a_heredoc_with_other_lines_has_not_moved() -> None:
    then = BuildInputs("FROM a\nRUN <<EOF\nold\nEOF\n")
    assert compared(then.dockerfile.replace("old", "new"), 2, then) == (
        "instruction", "It has other lines below it than before.",
    )  # fmt: skip


def test_what_is_gone_and_what_has_moved() -> None:
    then = BuildInputs("FROM a\nRUN x\nRUN y\n")
    assert compared("FROM a\nRUN y\n", 2, then)[1] == "`RUN x`, which stood before it, is gone."
    moved = compared("FROM a\nRUN y\nRUN x\n", 2, then)[1]
    assert moved == "It has moved: `RUN x` stood there before."


def test_a_guess_says_so() -> None:
    assert compared(BASED, 4)[1] == "Perhaps the engine has it in its cache no longer."


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
