"""What is built, as its files are: bytes that are no text, other encodings, what is too large."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from docker.errors import ImageNotFound

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.project_files import ROOT
from helpers.engine.build.leftovers import MadeImages, leftovers
from helpers.engine.build.source import open_source, sent_along
from helpers.errors import InvalidInput
from helpers.model.build.settings import BuildSettings


def test_a_dockerfile_travels_as_it_is_and_is_shown_as_text(tmp_path: Path) -> None:
    content = b"FROM a\r\nRUN echo caf\xe9 \xe2\x80\xa6\n"
    (tmp_path / "Dockerfile").write_bytes(content)
    source = open_source(BuildSettings(context=str(tmp_path)))
    assert source.content == content
    text = source.dockerfile.instructions[1].text
    assert text == "RUN echo caf\\xe9 \u2026"
    text.encode()
    (tmp_path / ".dockerignore").write_bytes(b"Dockerfile\ncaf\xe9\n")
    source = open_source(BuildSettings(context=str(tmp_path)))
    assert sent_along(source)[1] == {
        "Dockerfile": content, ".dockerignore": b"Dockerfile\ncaf\xe9\n",
    }  # fmt: skip
    assert source.ignore.excludes_path("caf\udce9")


def test_a_dockerfile_of_the_project_is_found_from_anywhere_as_its_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "./sample_app/shop/Dockerfile"
    source = open_source(BuildSettings(context="./sample_app", dockerfile=name))
    assert source.content == (ROOT / name).read_bytes()


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "Dockerfile.dockerignore"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_utf_16_is_called_that(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    (tmp_path / name).write_text("FROM a\n", encoding=encoding)
    with pytest.raises(InvalidInput, match="is text in UTF-16") as caught:
        open_source(BuildSettings(context=str(tmp_path)))
    assert "UTF-8" in caught.value.next_step


def test_what_is_too_large_is_not_cut(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM a\n" + b"#" * 16_000_000)
    with pytest.raises(InvalidInput, match="has more than 16000000 bytes"):
        open_source(BuildSettings(context=str(tmp_path)))


def test_an_image_that_was_there_before_is_no_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ids come out of what a build prints, and a step may print any."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    there = {"aaaaaaaaaaaa": "sha256:a", "bbbbbbbbbbbb": "sha256:b"}

    def inspect(image: str) -> dict[str, Any]:
        if image not in there:
            raise ImageNotFound(image)
        return {"Id": there[image]}

    api = SimpleNamespace(images=lambda **_: [{"Id": "sha256:a"}], inspect_image=inspect)
    client = cast("Any", SimpleNamespace(api=api, info=lambda: {"ID": "engine"}))
    made = MadeImages(EngineContext(client, Endpoint("", ""), "02"))
    made.note(["bbbbbbbbbbbb"])
    assert leftovers("engine", None) == []
    made.look()
    made.note(["aaaaaaaaaaaa", "bbbbbbbbbbbb", "bbbbbbbbbbbb", "cccccccccccc"])
    assert leftovers("engine", None) == ["sha256:b"]
