"""Trees of packages: made of what was signed, whole or not at all, kept, and looked after."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from helpers.engine.debian import signature, tree_cache
from helpers.engine.debian.tree_cache import kept_tree, trees_dir, unpacked_tree
from helpers.engine.debian.tree_users import is_in_use
from helpers.engine.debian.unpacked_tree import UnpackedTree, has_interpreter
from helpers.errors import DiskFull, Interrupted, SetupFailed
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import TreeRecipe
from tests.unit.debian_kit import SmallArchive, deb, member, small_archive

RECORDED = Path(__file__).resolve().parents[3] / "recorded/debian"
RECIPE = TreeRecipe("small", ("testing", "stable"), ("app",), links=(("usr/sbin/app2", "app"),))
APP = deb(
    [
        member("./usr/bin/app", b"#!/bin/sh\necho app\n", mode=0o4755),
        member("./usr/share/doc/app/copyright", b"no"),
        member("./etc/app.conf", b"no"),
        member("./lib/app.so", b"merged", mode=0o644),
        member("./usr/lib/link.so", type=tarfile.SYMTYPE, linkname="app.so"),
        member("./usr/lib/hard.so", type=tarfile.LNKTYPE, linkname="./lib/app.so"),
    ]
)
LIBRARY = deb([member("./usr/lib/library.so", b"library")], ".gz", gzip.compress)


def quickly(data: bytes) -> bytes:
    return gzip.compress(data, 1)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SmallArchive]:
    with small_archive(monkeypatch, tmp_path) as archive:
        archive.add("testing", "app", APP, "2.0", Depends="library (>= 1)")
        archive.add("testing", "library", LIBRARY)
        archive.add("stable", "app", APP, "1.0")
        yield archive


def made(recipe: TreeRecipe = RECIPE) -> UnpackedTree:
    return unpacked_tree(recipe, lambda step: None, threading.Event())


def left_over() -> list[str]:
    """What stands in the folder of trees beside locks, trees and whole packages."""
    return [path.name for path in trees_dir().iterdir() if ".new-" in path.name]


def test_a_tree_has_usr_and_nothing_else(archive: SmallArchive) -> None:
    tree = made()
    files = {path.relative_to(tree.folder).as_posix() for path in tree.usr.rglob("*")}
    assert files == {
        *("usr/bin", "usr/bin/app", "usr/lib", "usr/lib/app.so", "usr/lib/link.so"),
        *("usr/lib/hard.so", "usr/lib/library.so", "usr/sbin", "usr/sbin/app2"),
    }
    assert (tree.usr / "bin/app").stat().st_mode & 0o7777 == 0o755
    assert (tree.usr / "lib/hard.so").read_bytes() == b"merged"
    assert str((tree.usr / "lib/link.so").readlink()) == "app.so"
    assert (tree.suite, tree.note) == ("code-testing", "")
    assert tree.versions == {"app": "2.0", "library": "1.0"}
    assert left_over() == []
    assert not (trees_dir() / "small.debs").exists()


def test_a_kept_tree_asks_no_mirror(archive: SmallArchive) -> None:
    assert kept_tree(RECIPE) is None
    tree = made()
    archive.asked.clear()
    assert made() == tree == kept_tree(RECIPE)
    assert kept_tree(RECIPE, ["stable"]) is None
    assert kept_tree(replace(RECIPE, packages=("app", "more"))) is None
    assert archive.asked == []


def test_progress_counts_bytes(archive: SmallArchive) -> None:
    steps: list[TreeProgress] = []
    unpacked_tree(RECIPE, steps.append, threading.Event())
    assert steps[0].words == "asking for Debian testing"
    assert {step.total_bytes for step in steps[1:]} == {len(APP) + len(LIBRARY)}


@pytest.mark.parametrize("change", ["gone", "short", "link"])
def test_a_damaged_tree_is_never_taken(archive: SmallArchive, change: str) -> None:
    tree = made()
    if change == "gone":
        (tree.usr / "lib/library.so").unlink()
    elif change == "short":
        (tree.usr / "lib/library.so").write_bytes(b"librar")
    else:
        (tree.usr / "lib/link.so").unlink()
    assert kept_tree(RECIPE) is None
    assert (made().usr / "lib/library.so").read_bytes() == b"library"
    assert str((made().usr / "lib/link.so").readlink()) == "app.so"
    assert left_over() == []


def test_a_record_that_cannot_be_read_is_no_tree(archive: SmallArchive) -> None:
    tree = made()
    for text in ("", "{", "[]", "null", '{"entries": 1}', '{"entries": {"a": [1]}}'):
        (tree.folder / "tree.json").write_text(text)
        assert kept_tree(RECIPE) is None
    assert made().versions == tree.versions


def test_what_a_killed_maker_left_is_cleared(archive: SmallArchive) -> None:
    half = trees_dir() / "small.new-abc/tree/usr"
    half.mkdir(parents=True)
    debs = trees_dir() / "small.debs"
    debs.mkdir()
    (debs / "x.123.part").write_bytes(b"half")
    assert kept_tree(RECIPE) is None
    made()
    assert left_over() == []
    assert not debs.exists()


def test_stable_is_taken_where_testing_lacks_something(archive: SmallArchive) -> None:
    archive.add("testing", "app", APP, "3.0", Depends="nowhere")
    tree = made()
    assert (tree.suite, tree.versions) == ("code-stable", {"app": "1.0"})
    assert tree.note == "testing: It has no package nowhere, which app needs."


def test_a_suite_on_top_of_another(archive: SmallArchive) -> None:
    archive.add("experimental", "app", APP, "9.0", Depends="library")
    tree = made(replace(RECIPE, suites=("experimental+testing",)))
    assert tree.versions == {"app": "9.0", "library": "1.0"}
    assert tree.suite == "code-experimental"


def test_a_suite_that_the_mirror_lacks(archive: SmallArchive) -> None:
    tree = made(replace(RECIPE, suites=("nowhere", "stable")))
    assert tree.suite == "code-stable"
    with pytest.raises(SetupFailed, match=r"cannot be had\. nowhere: .* has no dists/nowhere"):
        made(replace(RECIPE, name="other", suites=("nowhere",)))


def test_a_list_past_its_time_is_used_and_told(archive: SmallArchive) -> None:
    dates = "Date: Thu, 30 Oct 2025 08:00:00 UTC\nValid-Until: Thu, 06 Nov 2025 08:00:00 UTC\n"
    archive.publish("testing", dates)
    assert made().note == (
        "Debian code-testing: its list of 30 October 2025 was to be used until 6 November 2025."
    )
    kept = kept_tree(RECIPE)
    assert kept is not None
    assert kept.note == made().note


def test_what_nobody_signed_is_refused(archive: SmallArchive) -> None:
    for name in RECIPE.suites:
        archive.publish(name, signer="nobody")
    with pytest.raises(SetupFailed, match="No key of Debian's has signed"):
        made()
    assert left_over() == []


def test_without_gpgv_plain_http_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with small_archive(monkeypatch, tmp_path, gpgv=False) as archive:
        archive.add("testing", "app", APP)
        with pytest.raises(SetupFailed, match=r"Nothing here can check .* plain HTTP"):
            made()
        assert archive.asked == []


def test_a_package_with_other_bytes_is_refused(archive: SmallArchive) -> None:
    archive.spoil = lambda path, data: data[:-1] + b"!" if "library" in path else data
    with pytest.raises(SetupFailed, match="other bytes for the package library"):
        made(replace(RECIPE, suites=("testing",)))
    assert kept_tree(RECIPE) is None
    assert left_over() == []
    archive.spoil = lambda path, data: data
    assert "library" in made().versions


def test_a_package_that_came_whole_is_not_fetched_again(archive: SmallArchive) -> None:
    debs = trees_dir() / "small.debs"
    debs.mkdir(parents=True)
    (debs / f"{sha256(APP).hexdigest()}.deb").write_bytes(APP)
    (debs / f"{sha256(LIBRARY).hexdigest()}.deb").write_bytes(LIBRARY[:-1] + b"!")
    made()
    pool = [path for path in archive.asked if path.startswith("pool")]
    assert pool == ["pool/library_1.0_testing.deb"]
    assert not debs.exists()


def test_a_download_that_breaks_off_is_tried_again(archive: SmallArchive) -> None:
    def broken(path: str, data: bytes) -> bytes:
        return data[:-9] if "library" in path and archive.asked.count(path) < 3 else data

    archive.spoil = broken
    assert "library" in made().versions
    archive.spoil = lambda path, data: data[:-9] if "app" in path else data
    with pytest.raises(SetupFailed, match="broke off"):
        made(replace(RECIPE, name="other"))


def test_an_index_with_other_bytes_is_refused(archive: SmallArchive) -> None:
    archive.spoil = lambda path, data: data[:-1] + b"!" if "by-hash" in path else data
    with pytest.raises(SetupFailed, match="another list of packages than was signed"):
        made()


def test_a_mirror_that_is_not_there(archive: SmallArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_DEBIAN_MIRROR", "http://127.0.0.1:1/debian")
    with pytest.raises(SetupFailed, match=r"127\.0\.0\.1:1/debian cannot be reached: .*refused"):
        made()
    monkeypatch.setenv("WORKBOOK_DEBIAN_MIRROR", "ftp://there")
    with pytest.raises(SetupFailed, match="no address of a Debian mirror"):
        made()


def test_an_interrupt_leaves_nothing_but_whole_packages(archive: SmallArchive) -> None:
    cancelled = threading.Event()

    def hold(path: str, data: bytes) -> bytes:
        if path.startswith("pool"):
            cancelled.set()
        return data

    archive.spoil = hold
    with pytest.raises(Interrupted):
        unpacked_tree(RECIPE, lambda step: None, cancelled)
    assert left_over() == []
    assert kept_tree(RECIPE) is None


def test_an_interrupt_waits_for_no_mirror_that_is_silent(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tarpit:
        port = tarpit.getsockname()[1]
        monkeypatch.setenv("WORKBOOK_DEBIAN_MIRROR", f"http://127.0.0.1:{port}/debian")
        cancelled = threading.Event()
        threading.Timer(0.2, cancelled.set).start()
        started = time.monotonic()
        with pytest.raises(Interrupted):
            unpacked_tree(RECIPE, lambda step: None, cancelled)
        assert time.monotonic() - started < 10
    assert left_over() == []


def test_a_full_disk_is_told_and_leaves_nothing(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    old = made(replace(RECIPE, suites=("stable",)))
    grown_old(old)
    monkeypatch.setattr(os, "fchmod", full)
    assert made(replace(RECIPE, suites=("stable",))) == old
    with pytest.raises(DiskFull, match="is full"):
        made(replace(RECIPE, suites=("testing",)))
    assert left_over() == []
    assert not (trees_dir() / "small.debs").exists()
    assert kept_tree(RECIPE, ["testing"]) is None


def test_a_cache_that_cannot_be_written_to_is_told(archive: SmallArchive) -> None:
    trees_dir().parent.mkdir(parents=True, exist_ok=True)
    trees_dir().write_text("a file")
    with pytest.raises(SetupFailed, match="trees cannot be written to: File exists"):
        made()


def grown_old(tree: UnpackedTree) -> None:
    past = time.time() - tree_cache.FRESH_SECONDS - 60
    os.utime(tree.folder / "looked", (past, past))


def test_after_thirty_days_a_newer_one_takes_its_place(archive: SmallArchive) -> None:
    old = made()
    grown_old(old)
    archive.asked.clear()
    assert made() == old
    assert not [path for path in archive.asked if path.startswith("pool")]
    archive.add("testing", "app", APP, "3.0")
    grown_old(old)
    new = made()
    assert new.versions == {"app": "3.0"}
    assert not old.folder.exists()
    assert kept_tree(RECIPE) == new


def test_after_thirty_days_without_network_the_old_one_goes_on(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = made()
    grown_old(old)
    monkeypatch.setenv("WORKBOOK_DEBIAN_MIRROR", "http://127.0.0.1:1/debian")
    assert made() == old
    monkeypatch.setenv("WORKBOOK_DEBIAN_MIRROR", archive.url)
    archive.asked.clear()
    assert made() == old
    assert archive.asked == []  # asked again tomorrow


def test_a_tree_that_runs_is_not_removed(archive: SmallArchive) -> None:
    old = made()
    shutil.copy("/bin/sleep", old.usr / "bin/running")
    assert not is_in_use(old.folder)
    with subprocess.Popen([old.usr / "bin/running", "600"]) as process:
        try:
            assert is_in_use(old.folder)
            archive.add("testing", "app", APP, "3.0")
            grown_old(old)
            assert made() != old
            assert old.folder.exists()
        finally:
            process.kill()
    assert not is_in_use(old.folder)


HOSTILE = {
    "climbs": member("./usr/../../evil", b"x"),
    "absolute": member("/../evil", b"x"),
    "device": member("./usr/evil", type=tarfile.CHRTYPE),
    "fifo": member("./usr/evil", type=tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_member_that_no_package_has_is_refused(archive: SmallArchive, name: str) -> None:
    archive.add("testing", "app", deb([HOSTILE[name]]), "9.0")
    with pytest.raises(SetupFailed, match="damaged"):
        made(replace(RECIPE, suites=("testing",)))
    assert left_over() == []


def test_nothing_is_written_through_a_link(archive: SmallArchive, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    members = [
        member("./usr/lib/out", type=tarfile.SYMTYPE, linkname=str(outside)),
        member("./usr/lib/out/evil", b"x"),
    ]
    archive.add("testing", "app", deb(members), "9.0")
    with pytest.raises(SetupFailed, match="a folder and a link"):
        made(replace(RECIPE, suites=("testing",)))
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("below", ["evil", "deep/evil"])
def test_no_link_is_made_through_a_link(archive: SmallArchive, tmp_path: Path, below: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    members = [
        member("./usr/lib/out", type=tarfile.SYMTYPE, linkname=str(outside)),
        member(f"./usr/lib/out/{below}", type=tarfile.SYMTYPE, linkname="x"),
    ]
    archive.add("testing", "app", deb(members), "9.0")
    with pytest.raises(SetupFailed, match="is below a link"):
        made(replace(RECIPE, suites=("testing",)))
    assert list(outside.iterdir()) == []


def test_a_file_that_is_a_folder_too_is_refused(archive: SmallArchive) -> None:
    members = [member("./usr/bin/app", b"x"), member("./usr/bin/app/x", b"x")]
    archive.add("testing", "app", deb(members), "9.0")
    with pytest.raises(SetupFailed, match="is a file and a folder"):
        made(replace(RECIPE, suites=("testing",)))
    assert left_over() == []


def test_a_link_within_the_tree_holds_wherever_the_tree_is(archive: SmallArchive) -> None:
    members = [
        member("./bin/kmod", b"#!/bin/sh\n", mode=0o755),
        member("./sbin/modprobe", type=tarfile.SYMTYPE, linkname="/bin/kmod"),
        member("./usr/lib/x", type=tarfile.SYMTYPE, linkname="/etc/x"),
    ]
    archive.add("testing", "app", deb(members), "9.0")
    tree = made()
    assert tree.program("modprobe").resolve() == tree.usr / "bin/kmod"
    assert str((tree.usr / "sbin/modprobe").readlink()) == "../bin/kmod"
    assert str((tree.usr / "lib/x").readlink()) == "/etc/x"


def test_a_link_that_leads_out_is_no_program(archive: SmallArchive) -> None:
    members = [member("./usr/bin/app", type=tarfile.SYMTYPE, linkname="/bin/sh")]
    archive.add("testing", "app", deb(members), "9.0")
    with pytest.raises(SetupFailed, match="no program app"):
        made().program("app")


def test_a_bomb_is_cut_off(archive: SmallArchive) -> None:
    archive.add(
        "testing", "app", deb([member("./usr/bin/app", bytes(40 << 20))], ".gz", quickly), "9.0"
    )
    with pytest.raises(SetupFailed, match="far more than Debian's list says"):
        made(replace(RECIPE, suites=("testing",)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"!<arch>\n",
        b"!<arch>\n" + b"x" * 60,
        deb([], ".bz2"),
        APP[:200],
        APP[:-40],
        deb([], ".xz", lambda data: data),
        deb([], ".gz", lambda data: gzip.compress(data)[:-9]),
        deb([], "", lambda data: b"odd" * 1000),
    ],
    ids=range(9),
)
def test_a_package_that_cannot_be_read_is_told(archive: SmallArchive, data: bytes) -> None:
    archive.add("testing", "app", data, "9.0")
    with pytest.raises(SetupFailed, match="package is damaged"):
        made(replace(RECIPE, suites=("testing",)))
    assert left_over() == []


def test_programs_run_with_their_own_loader(archive: SmallArchive) -> None:
    """The machine's own programs and libraries, laid out as a tree's."""
    loader = next(Path("/usr/lib").glob("*-linux-gnu*/ld*.so.*"))
    library = loader.with_name("libc.so.6")
    parts = [member("./usr/bin/true", Path("/usr/bin/true").read_bytes(), mode=0o755)]
    for path in (loader, library):
        parts.append(member(f".{path}", path.read_bytes(), mode=0o755))
    archive.add("testing", "app", deb(parts, ".gz", quickly), "9.0", **{"Installed-Size": "9000"})
    tree = made()
    words = tree.command("true", "--version")
    assert words[0].startswith(str(tree.folder))
    assert "coreutils" in subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert tree.program("true") == tree.usr / "bin/true"
    with pytest.raises(SetupFailed, match="no program dockerd"):
        tree.command("dockerd")


def test_a_program_without_interpreter_runs_by_itself(archive: SmallArchive) -> None:
    tree = made()
    assert tree.command("app", "-x") == [str(tree.usr / "bin/app"), "-x"]
    assert not has_interpreter(tree.usr / "bin/app")
    assert has_interpreter(Path(os.path.realpath(sys.executable)))


@pytest.mark.skipif(shutil.which("gpgv") is None, reason="it needs gpgv")
@pytest.mark.parametrize(
    ("keyring", "is_good"), [("first", True), ("second", True), ("third", False)]
)
def test_gpgv_checks_a_message_that_two_keys_signed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring: str, is_good: bool
) -> None:
    """Either key is enough: a keyring may be older than the newest of them."""
    monkeypatch.setattr(signature, "KEYRING", RECORDED / f"{keyring}-keyring.gpg")
    message = (RECORDED / "InRelease").read_bytes()
    if is_good:
        assert "Codename: forky" in signature.verified_text(message, tmp_path)
        for changed in (
            message.replace(b"forky", b"curly"),
            b"Codename: curly\n" + message,
            message + message,
            message.replace(b"\n\nOrigin", b"\nNotDashEscaped: You need GnuPG\n\nOrigin"),
        ):
            with pytest.raises(SetupFailed):
                signature.verified_text(changed, tmp_path)
    else:
        with pytest.raises(SetupFailed, match="No key of Debian's"):
            signature.verified_text(message, tmp_path)
