"""Folders in which other users have a hand: refused in words, never filled nor followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.engine.base import folders
from helpers.errors import SetupFailed
from tests.hostile.local_user import NOBODY, is_root

pytestmark = pytest.mark.skipif(not is_root(), reason="only root can play another user")
KINDS = (folders.cache_dir, folders.state_dir, folders.data_dir)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("WORKBOOK_HOME", str(folder))
    monkeypatch.delenv("SUDO_UID", raising=False)
    return folder


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def refused(says: str) -> None:
    for folder in KINDS:
        with pytest.raises(SetupFailed, match=says) as error:
            folder()
        assert "WORKBOOK_HOME" in error.value.next_step


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_they_are_made_for_their_owner_alone(home: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        made = [folder() for folder in KINDS]
    finally:
        os.umask(before)
    assert {mode(path) for path in [home, *made]} == {0o700}


def test_one_of_an_earlier_workbook_is_closed(home: Path) -> None:
    (home / "state").mkdir(parents=True, mode=0o755)
    assert mode(folders.state_dir()) == 0o700


def test_a_folder_of_somebody_elses_is_refused(home: Path) -> None:
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    refused(f"{home} belongs to nobody, not to you")
    assert list(home.iterdir()) == []


def test_so_is_one_that_somebody_made_first_in_a_folder_for_all(home: Path) -> None:
    home.mkdir()
    home.chmod(0o1777)
    for folder in ("cache", "state", "data"):
        (home / folder).mkdir()
        os.chown(home / folder, NOBODY, NOBODY)
    refused("belongs to nobody, not to you")


def test_in_a_folder_for_all_one_of_our_own_is_safe(home: Path) -> None:
    home.mkdir()
    home.chmod(0o1777)
    assert mode(folders.state_dir()) == 0o700


@pytest.mark.parametrize("rights", [0o777, 0o757, 0o2770])
def test_a_folder_out_of_which_others_can_take_ours_is_refused(home: Path, rights: int) -> None:
    home.mkdir()
    os.chown(home, 0, NOBODY)
    home.chmod(rights)
    refused(f"{home} can be written into by other users")


@pytest.mark.parametrize("rights", [0o777, 0o1777])
def test_what_others_could_fill_before_is_refused(home: Path, rights: int) -> None:
    (home / "state").mkdir(parents=True)
    (home / "state").chmod(rights)
    with pytest.raises(SetupFailed, match="can be written into") as error:
        folders.state_dir()
    assert f"chmod go-w {home / 'state'}" in error.value.next_step


def test_links_of_others_are_not_followed(home: Path, tmp_path: Path) -> None:
    """Root's files would be written to, and its folders closed, where somebody else points."""
    target = tmp_path / "root's"
    target.mkdir(mode=0o755)
    home.mkdir()
    home.chmod(0o1777)
    for folder in ("cache", "state", "data"):
        (home / folder).symlink_to(target)
        os.chown(home / folder, NOBODY, NOBODY, follow_symlinks=False)
    refused("belongs to nobody, not to you")
    assert mode(target) == 0o755


def test_nor_are_our_own_through_a_folder_of_others(home: Path, tmp_path: Path) -> None:
    between = tmp_path / "between"
    between.mkdir()
    (between / "on").symlink_to(tmp_path)
    os.chown(between, NOBODY, NOBODY)
    home.symlink_to(between / "on")
    refused(f"{between} belongs to nobody, not to you")


def test_our_own_links_are_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "larger disk").mkdir(mode=0o755)
    home.mkdir()
    (home / "data").symlink_to("../larger disk")
    assert folders.data_dir() == home / "data"
    assert mode(tmp_path / "larger disk") == 0o700


def test_our_own_link_to_a_folder_for_all_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all").chmod(0o1777)
    home.mkdir()
    (home / "data").symlink_to(tmp_path / "all")
    with pytest.raises(SetupFailed, match="can be written into by other users"):
        folders.data_dir()


def test_who_became_root_by_sudo_keeps_their_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.setenv("SUDO_UID", str(NOBODY))
    assert folders.state_dir().is_dir()


def test_so_they_do_where_their_own_group_may_write_as_well(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    home.chmod(0o775)
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.setenv("SUDO_UID", str(NOBODY))
    assert folders.state_dir().is_dir()


@pytest.mark.parametrize(("members", "is_taken"), [(["root"], True), (["root", "eve"], False)])
def test_a_group_of_ones_own_is_no_longer_that_with_somebody_else_in_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, members: list[str], is_taken: bool
) -> None:
    import grp  # here: it is not on every system

    group = grp.struct_group(("root", "x", 0, members))
    monkeypatch.setattr(grp, "getgrgid", lambda number: group)
    home.mkdir()
    home.chmod(0o770)
    if is_taken:
        assert folders.state_dir().is_dir()
    else:
        refused(f"{home} can be written into by other users")


def test_a_folder_that_cannot_be_made_is_left_to_who_writes_into_it(home: Path) -> None:
    home.write_text("a file")
    assert folders.state_dir() == home / "state"
