"""What the builder gets that asks for .dockerignore: that file alone, whatever it is here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from helpers.engine.build.session.file_sync import FileSync
from helpers.engine.build.session.sent_files import SentFile
from helpers.engine.build.session.session import transfer
from helpers.engine.build.source import open_source
from helpers.model.build.settings import BuildSettings

RULES = b".env\r\n*.md\n"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "context"
    (folder / "rules").mkdir(parents=True)
    for name in ("Dockerfile", ".env", "a.txt"):
        (folder / name).write_text("FROM scratch\n")
    (folder / "rules" / "mine").write_bytes(RULES)
    (tmp_path / "outside").write_bytes(b"a.txt\n")
    return folder


def sent(
    context: Path, wanted: Sequence[str] = (".dockerignore",), excludes: Sequence[str] = ()
) -> tuple[dict[str, bytes], list[str]]:
    """{path: content} of what is described to a builder that asks for that, and what is counted."""
    counted: list[str] = []

    def count(file: SentFile, size: int, digest: str) -> None:
        counted.append(file.path)

    source = open_source(BuildSettings(context=str(context)))
    asked = {
        "dir-name": ("context",), "followpaths": tuple(wanted), "exclude-patterns": tuple(excludes),
    }  # fmt: skip
    call = transfer(asked, source, count, [])
    assert isinstance(call, FileSync)
    while call.next_message():
        pass
    files = call._described.values()
    return {file.path: b"".join(file.content()) for file in files}, counted


def test_a_file_is_sent_as_it_is(context: Path) -> None:
    (context / ".dockerignore").write_bytes(RULES)
    assert sent(context) == ({".dockerignore": RULES}, [])


@pytest.mark.parametrize("target", ["rules/mine", "./rules/../rules/mine", "/rules/mine", "first"])
def test_a_link_within_the_context_is_sent_as_the_file_it_leads_to(
    context: Path, target: str
) -> None:
    (context / "first").symlink_to("folder/mine")
    (context / "folder").symlink_to("rules")
    (context / ".dockerignore").symlink_to(target)
    assert sent(context) == ({".dockerignore": RULES}, [])


@pytest.mark.parametrize("target", ["../outside", "nowhere", "rules", ".dockerignore"])
def test_a_link_that_leads_to_no_file_of_the_context_brings_nothing(
    context: Path, target: str
) -> None:
    (context / ".dockerignore").symlink_to(target)
    assert sent(context) == ({}, [])


def test_where_there_is_none_nothing_is_sent(context: Path) -> None:
    assert sent(context) == ({}, [])


def test_a_step_that_copies_it_gets_it_as_it_is_and_counted(context: Path) -> None:
    (context / ".dockerignore").write_bytes(RULES)
    assert sent(context, excludes=["*.md"]) == ({".dockerignore": RULES}, [".dockerignore"])
    assert sent(context, excludes=[".dockerignore"]) == ({}, [])


def test_all_else_is_walked(context: Path) -> None:
    files, counted = sent(context, ["a.txt", "rules"])
    assert set(files) == {"a.txt", "rules/mine"}
    assert counted == ["a.txt", "rules", "rules/mine"]
