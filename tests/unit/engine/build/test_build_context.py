"""A build context walked and packed, against tarfile and the folder it came from."""

from __future__ import annotations

import io
import os
import shutil
import socket
import stat
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from helpers.engine.build import pack
from helpers.engine.build.pack import CHUNK_BYTES, packed
from helpers.engine.build.source import open_source, sent_along
from helpers.engine.build.walk import ContextEntry, walk
from helpers.errors import InvalidInput
from helpers.model.build.dockerignore import DockerIgnore, read_dockerignore
from helpers.model.build.inputs import FileStamp
from helpers.model.build.settings import BuildSettings


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def paths(folder: Path, rules: str = "", wanted: Iterable[str] = ()) -> list[str]:
    return [e.path for e in walk(folder, read_dockerignore(rules), frozenset(wanted))]


def archive(folder: Path, **extra: bytes) -> tuple[tarfile.TarFile, dict[str, FileStamp]]:
    stamps: dict[str, FileStamp] = {}
    pieces = packed(walk(folder, DockerIgnore()), extra, stamps.__setitem__)
    return tarfile.open(fileobj=io.BytesIO(b"".join(pieces))), stamps


def test_names_in_order_folders_first(tmp_path: Path) -> None:
    put(tmp_path, a__b="1", a_txt="2", Z="3")
    assert paths(tmp_path) == ["Z", "a", "a/b", "a.txt"]


def test_an_excluded_folder_comes_with_what_is_taken_back_in_it(tmp_path: Path) -> None:
    put(tmp_path, a__b__c="1", a__d="2", e__f="3")
    assert paths(tmp_path, "a\n!a/b/c\ne") == ["a", "a/b", "a/b/c"]
    assert paths(tmp_path, "a\n!**/c\ne") == ["a", "a/b", "a/b/c"]
    assert paths(tmp_path, "*\n!e/*") == ["e", "e/f"]


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path, a__b="1", a__c="2", d="3")
    assert paths(tmp_path, wanted=["a/b"]) == ["a", "a/b"]
    assert paths(tmp_path, wanted=["a", "nothing"]) == ["a", "a/b", "a/c"]
    (tmp_path / "link").symlink_to("a")
    assert paths(tmp_path, wanted=["link"]) == ["a", "a/b", "a/c", "d", "link"]


def test_sockets_stay_behind(tmp_path: Path) -> None:
    put(tmp_path, a="1")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert paths(tmp_path) == ["a"]


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> object:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InvalidInput, match="cannot be read \\(Permission denied\\)"):
        paths(tmp_path)


def test_a_locked_folder_that_is_excluded_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, pgdata__x="1", src__a="1", src__locked__x="1")
    scan, looked = os.scandir, []

    def refuse(place: str) -> object:
        looked.append(place)
        if place.endswith(("pgdata", "locked")):
            raise PermissionError(13, "Permission denied", place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)
    assert paths(tmp_path, "*\n!src/a") == ["src", "src/a"]
    assert paths(tmp_path, "*\n!src/**\nsrc/locked") == ["src", "src/a"]
    assert not [place for place in looked if place.endswith("pgdata")]
    assert paths(tmp_path, "*\n!**/a") == ["src", "src/a"]
    with pytest.raises(InvalidInput, match="locked' is in the build context and cannot be read"):
        paths(tmp_path, "*\n!src/**")


def test_the_archive_holds_what_the_folder_holds(tmp_path: Path) -> None:
    put(tmp_path, a__b="content", empty="")
    (tmp_path / "a" / "b").chmod(0o4751)
    (tmp_path / "link").symlink_to("a/b")
    os.link(tmp_path / "a" / "b", tmp_path / "same")
    os.mkfifo(tmp_path / "pipe")
    found, stamps = archive(tmp_path, Dockerfile=b"FROM scratch\n")
    kinds = {m.name: (m.type, m.mode, m.uid, m.uname) for m in found}
    assert kinds["a"] == (tarfile.DIRTYPE, 0o755, 0, "")
    assert kinds["a/b"] == (tarfile.REGTYPE, 0o4751, 0, "")
    assert kinds["link"][0] == tarfile.SYMTYPE
    assert kinds["pipe"][0] == tarfile.FIFOTYPE
    assert (kinds["same"][0], found.getmember("same").linkname) == (tarfile.LNKTYPE, "a/b")
    inside = found.extractfile("a/b")
    assert inside is not None
    assert inside.read() == b"content"
    assert found.getmember("a/b").mtime == int((tmp_path / "a" / "b").stat().st_mtime)
    assert next(iter(kinds)) == "Dockerfile"
    assert stamps["a/b"].size_bytes == 7
    assert stamps["a/b"].digest.startswith("ed7002b439e9")


def test_no_header_but_a_capabilitys_is_pax(tmp_path: Path) -> None:
    long = "n" * 150
    put(tmp_path, **{f"{long}": "1", "b": "2"})
    raw = b"".join(packed(walk(tmp_path, DockerIgnore()), {}, lambda *_: None))
    assert b"PaxHeader" not in raw
    assert raw[257:263] == b"ustar "
    with tarfile.open(fileobj=io.BytesIO(raw)) as found:
        assert {member.name for member in found} == {long, "b"}


def capabilities(found: tarfile.TarFile) -> set[str]:
    """The members with those of the test below; none may have any other attribute."""
    told = {member.name: dict(member.pax_headers) for member in found}
    wanted = {"SCHILY.xattr.security.capability": "\1\0\0\2\udcff", "hdrcharset": "BINARY"}
    assert [kept for kept in told.values() if kept not in ({}, wanted)] == []
    return {name for name, kept in told.items() if kept}


def test_of_extended_attributes_only_capabilities_go_along_and_never_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"security.selinux": b"system_u", "security.capability": b"\1\0\0\2\xff"}
    monkeypatch.setattr(pack, "attributes_of", lambda _: found)
    put(tmp_path, Dockerfile="1", a="2", folder__b="3")
    assert capabilities(archive(tmp_path)[0]) == {"a", "folder/b"}
    assert capabilities(archive(tmp_path, first=b"1")[0]) == {"Dockerfile", "a", "folder/b"}
    del found["security.capability"]
    raw = b"".join(packed(walk(tmp_path, DockerIgnore()), {}, lambda *_: None))
    assert b"PaxHeader" not in raw


def test_a_big_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(20 * CHUNK_BYTES)
    sizes = [len(piece) for piece in packed(walk(tmp_path, DockerIgnore()), {}, lambda *_: None)]
    assert sum(sizes) == 20 * CHUNK_BYTES + 512 + 1024
    assert max(sizes) <= 2 * CHUNK_BYTES


def test_a_file_that_shrinks_meanwhile(tmp_path: Path) -> None:
    put(tmp_path, a="12345")
    (entry,) = walk(tmp_path, DockerIgnore())
    (tmp_path / "a").write_text("1")
    with pytest.raises(InvalidInput, match="a' is in the build context and changed while"):
        list(packed([entry], {}, lambda *_: None))


def test_a_file_that_vanishes_before_its_content_is_read(tmp_path: Path) -> None:
    put(tmp_path, a="12345")
    (entry,) = walk(tmp_path, DockerIgnore())
    (tmp_path / "a").unlink()
    with pytest.raises(InvalidInput, match="a' is in the build context and changed while"):
        list(packed([entry], {}, lambda *_: None))


def test_what_vanishes_while_the_folder_is_walked_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, a="1", b__c="2", d="3", e="4")
    (tmp_path / "link").symlink_to("a")
    entries = walk(tmp_path, DockerIgnore())
    assert next(entries).path == "a"
    (tmp_path / "d").unlink()
    (tmp_path / "link").unlink()
    assert next(entries).path == "b"
    shutil.rmtree(tmp_path / "b")
    assert [entry.path for entry in entries] == ["e"]


def test_a_link_tells_where_it_points_even_when_it_is_gone(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("a/../b")
    (entry,) = walk(tmp_path, DockerIgnore())
    (tmp_path / "link").unlink()
    assert entry.link_target == "a/../b"


def test_a_link_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> str:
        raise OSError(5, "Input/output error")

    (tmp_path / "link").symlink_to("a")
    monkeypatch.setattr(os, "readlink", refuse)
    with pytest.raises(InvalidInput, match=r"link' .* cannot be read .Input/output error"):
        paths(tmp_path)


def test_a_folder_to_build_from_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read \\(No such file or directory\\)"):
        paths(tmp_path / "gone")


def test_the_kinds_of_entries(tmp_path: Path) -> None:
    put(tmp_path, a="1")
    (entry,) = walk(tmp_path, DockerIgnore())
    assert isinstance(entry, ContextEntry)
    assert (entry.is_file, entry.is_folder, entry.link_target) == (True, False, "")
    assert stat.S_ISREG(entry.status.st_mode)


def settings(folder: Path, **options: object) -> BuildSettings:
    return BuildSettings(context=str(folder), **options)  # type: ignore[arg-type]


def test_where_the_dockerfile_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, Dockerfile="FROM a\n", other="FROM b\n", app__x="1")
    monkeypatch.chdir(tmp_path)
    assert open_source(settings(tmp_path)).dockerfile.text == "FROM a\n"
    outside = open_source(settings(tmp_path / "app", dockerfile="other"))
    assert (outside.dockerfile.text, outside.name_in_context) == ("FROM b\n", None)
    assert sent_along(outside) == (
        ".dockerfile.workbook",
        {
            ".dockerfile.workbook": b"FROM b\n",
            ".dockerignore": b".dockerignore\n.dockerfile.workbook\n",
        },
    )
    text = open_source(settings(Path("-"), stdin="FROM c\n"))
    assert (text.folder, text.file_name, sent_along(text)[0]) == (None, "Dockerfile", "Dockerfile")


def test_a_dockerfile_of_the_project_is_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = open_source(settings(Path("sample_app"), dockerfile="./sample_app/shop/Dockerfile"))
    assert found.name_in_context == "shop/Dockerfile"


def test_a_dockerfile_in_small_letters_and_its_own_ignore_file(tmp_path: Path) -> None:
    put(tmp_path, dockerfile="FROM a\n")
    (tmp_path / ".dockerignore").write_text("x\n")
    assert open_source(settings(tmp_path)).ignore.excludes_path("x")
    (tmp_path / "dockerfile.dockerignore").write_text("y\ndockerfile\n")
    source = open_source(settings(tmp_path))
    assert (source.ignore.excludes_path("x"), source.ignore.excludes_path("y")) == (False, True)
    assert sent_along(source)[1]["dockerfile"] == b"FROM a\n"


@pytest.mark.parametrize(
    ("context", "options", "said"),
    [
        ("missing", {}, "There is no folder"), ("a", {}, "is a file"),
        ("empty", {}, "There is no Dockerfile"), ("blank", {}, "is empty"),
        ("full", {"dockerfile": "D"}, "seen from here, not from the context"),
    ],
)  # fmt: skip
def test_what_is_not_there(
    tmp_path: Path, context: str, options: dict[str, str], said: str
) -> None:
    put(tmp_path, a="1", blank__Dockerfile=" \n", full__D="FROM a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match=said):
        open_source(settings(tmp_path / context, **options))
