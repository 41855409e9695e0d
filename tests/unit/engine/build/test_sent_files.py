"""Files as the builder gets them: what is said of each, and of one with several names."""

from __future__ import annotations

import os
from pathlib import Path

from helpers.engine.build.session.sent_files import sent_files, text_file
from helpers.engine.build.walk import walk
from helpers.model.build.dockerignore import DockerIgnore


def test_hard_links_are_sent_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    first, second = sent_files(walk(tmp_path, DockerIgnore()))
    assert (first.size_bytes, first.link, first.is_file) == (2, "", True)
    assert (second.size_bytes, second.link, second.is_file) == (0, "a", False)


def test_a_symbolic_link_with_two_names_keeps_its_target(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("../real")
    os.link(tmp_path / "a", tmp_path / "b", follow_symlinks=False)
    assert [file.link for file in sent_files(walk(tmp_path, DockerIgnore()))] == ["../real"] * 2


def test_a_text_is_a_file_of_now() -> None:
    file = text_file("Dockerfile", b"FROM a\n")
    assert b"".join(file.content()) == b"FROM a\n"
    assert file.modified_ns > 1_700_000_000_000_000_000
