"""Which files go along with a kubectl command, under which names."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from helpers.engine.kubernetes import sent_files as module
from helpers.engine.kubernetes.sent_files import sent_files
from helpers.errors import InvalidInput


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notebook's folder, with a manifest, a folder of them, and one beside it."""
    folder = tmp_path / "notebooks"
    (folder / "shop" / "deep").mkdir(parents=True)
    (folder / "web.yaml").write_text("kind: Pod")
    (folder / "shop" / "a.yaml").write_text("kind: A")
    (folder / "shop" / "deep" / "b.yaml").write_text("kind: B")
    (tmp_path / "other.yaml").write_text("kind: Other")
    monkeypatch.chdir(folder)
    return folder


def members(archive: bytes) -> dict[str, bytes | None]:
    """{name: content} of a tar; None for a folder."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found = {}
        for member in tar:
            file = tar.extractfile(member)
            found[member.name] = file.read() if file else None
        return found


def test_files_keep_their_paths_beside_the_notebook(here: Path) -> None:
    sent = sent_files(["apply", "-f", "./web.yaml,shop/a.yaml"])
    assert sent.words == ("apply", "-f", "web.yaml,shop/a.yaml")
    assert members(sent.archive("/tmp/x")) == {
        "tmp/x": None,
        "tmp/x/web.yaml": b"kind: Pod",
        "tmp/x/shop/a.yaml": b"kind: A",
    }


def test_a_folder_goes_with_all_that_is_in_it(here: Path) -> None:
    assert sorted(sent_files(["apply", "-Rf", "x", "-k", "shop/"]).files) == [
        "shop/a.yaml",
        "shop/deep/b.yaml",
    ]


def test_what_lies_elsewhere_gets_a_name_of_its_own(here: Path) -> None:
    sent = sent_files(["apply", "-f", "../other.yaml", "--from-file=key=" + str(here / "web.yaml")])
    assert sent.words == ("apply", "-f", "file-0-0/other.yaml", "--from-file=key=file-1-0/web.yaml")
    assert sorted(sent.files) == ["file-0-0/other.yaml", "file-1-0/web.yaml"]


def test_what_is_not_here_is_left_to_kubectl(here: Path) -> None:
    sent = sent_files(["apply", "-f", "none.yaml"])
    assert sent.words == ("apply", "-f", "none.yaml")
    assert sent.files == {}


def test_a_whole_project_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 1)
    with pytest.raises(InvalidInput, match="more than a command can send"):
        sent_files(["apply", "-f", "shop"])
    monkeypatch.setattr(module, "MOST_BYTES", 3)
    with pytest.raises(InvalidInput, match="more than a command can send"):
        sent_files(["apply", "-f", "web.yaml"]).archive("/tmp/x")
