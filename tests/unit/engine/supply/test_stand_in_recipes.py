"""How a stand-in's recipe reaches mmdebstrap and the engine, without either."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.host.trust import Trust
from helpers.engine.supply.image_tools import ImageTools
from helpers.engine.supply.mmdebstrap import SCRIPTS, WorkFolders, command
from helpers.engine.supply.stand_in import StandIn, key_of
from helpers.engine.supply.stand_in_image import put_on_engine
from helpers.engine.supply.stand_in_tree import fingerprint_of, variables_for
from helpers.engine.supply.trusted_layer import TrustedLayer
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import BUSYBOX, DIND, POSTGRES
from helpers.model.supply.kubernetes_recipe import KUBERNETES, KUBERNETES_PROGRAMS
from helpers.model.supply.recipe import StandInRecipe


class Engine:
    """An engine that keeps what is loaded and imported."""

    def __init__(self) -> None:
        self.loaded, self.changes = b"", list[str]()
        self.api = SimpleNamespace(load_image=self._load, import_image_from_stream=self._import)

    def _load(self, archive: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        self.loaded = b"".join(archive)
        return iter(())

    def _import(self, chunks: Iterable[bytes], name: str, tag: str, changes: list[str]) -> None:
        self.changes = changes


def stand_in(folder: Path, *instructions: str) -> StandIn:
    """One of an empty archive, with these settings."""
    path = folder / "image.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        tar.addfile(tarfile.TarInfo("."))
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return StandIn(path, digest, len(content), "Debian 13: x 1", instructions)


def test_packages_that_are_left_out_seem_to_be_there(tmp_path: Path) -> None:
    words = command(POSTGRES, WorkFolders(tmp_path, tmp_path), ImageTools(), "http://mirror")
    for package in POSTGRES.without:
        assert f"Package: {package}\nStatus: install ok installed\n" in words[-1]
    assert "Package: " not in str(
        command(BUSYBOX, WorkFolders(tmp_path, tmp_path), ImageTools(), "http://mirror")
    )


def test_a_key_counts_what_is_left_out_and_every_file_that_is_laid_in() -> None:
    assert key_of(POSTGRES) != key_of(replace(POSTGRES, without=("perl",)))
    assert key_of(POSTGRES) != key_of(replace(POSTGRES, script="busybox.sh"))


def test_what_an_old_engine_does_not_import_is_loaded(tmp_path: Path) -> None:
    made = stand_in(tmp_path, "STOPSIGNAL SIGINT", "EXPOSE 5432")
    engine, name = Engine(), ImageReference.parse("wb-stopped:1")
    put_on_engine(engine, made, TrustedLayer(Trust(), POSTGRES), name)  # type: ignore[arg-type]
    with tarfile.open(fileobj=io.BytesIO(engine.loaded)) as archive:
        (about,) = json.load(archive.extractfile("manifest.json") or io.BytesIO())
        config = json.load(archive.extractfile(about["Config"]) or io.BytesIO())
    assert about["RepoTags"] == ["docker.io/library/wb-stopped:1"]
    assert config["config"]["StopSignal"] == "SIGINT"
    assert config["config"]["Labels"] == {"workbook.stand-in": "Debian 13: x 1"}
    assert config["rootfs"]["diff_ids"] == [f"sha256:{made.sha256}"]


def test_all_others_are_imported(tmp_path: Path) -> None:
    made = stand_in(tmp_path, 'CMD ["sh"]')
    engine, name = Engine(), ImageReference.parse("wb-plain:1")
    put_on_engine(engine, made, TrustedLayer(Trust(), BUSYBOX), name)  # type: ignore[arg-type]
    assert engine.loaded == b""
    assert engine.changes[0] == 'CMD ["sh"]'


def test_a_recipe_with_a_tree_tells_its_script_where_that_is(tmp_path: Path) -> None:
    versions = {"docker.io": "28.5.2-1", "runc": "1.3-1", "libc6": "2.43-7"}
    variables = variables_for(UnpackedTree(tmp_path, "forky", versions, ""))
    assert variables["WORKBOOK_TREE"] == str(tmp_path)
    assert variables["WORKBOOK_TREE_VERSIONS"].split("\n") == [
        *("docker.io 28.5.2-1 (Debian forky)", "runc 1.3-1 (Debian forky)")
    ]
    assert fingerprint_of(DIND)
    assert fingerprint_of(BUSYBOX) == ""
    assert key_of(DIND) != key_of(replace(DIND, tree=""))


def test_what_is_compiled_comes_from_its_suite_with_signed_sources(tmp_path: Path) -> None:
    words = command(KUBERNETES_PROGRAMS, WorkFolders(tmp_path, tmp_path), ImageTools(), "http://m")
    sources = [word for word in words[-1].split("'") if word.startswith("deb")]
    assert [line.split(" ", 1)[0] for line in sources] == ["deb", "deb", "deb-src"]
    assert all("signed-by=" in line and "bookworm" in line for line in sources)
    assert not any("deb-src" in word for word in _words(BUSYBOX, tmp_path))
    # Compilers want the memory that a small tree would lie in.
    assert "tmpfs" not in words[-1]


def test_a_key_counts_the_archive_that_goes_in_and_the_scripts_that_are_borrowed() -> None:
    assert key_of(KUBERNETES) != key_of(replace(KUBERNETES, part=None))
    other = replace(KUBERNETES_PROGRAMS, packages=("golang-1.20-go",))
    assert key_of(KUBERNETES) != key_of(replace(KUBERNETES, part=other))
    assert key_of(KUBERNETES) != key_of(replace(KUBERNETES, scripts=()))
    assert all((SCRIPTS / name).is_file() for name in KUBERNETES.scripts)


def _words(recipe: StandInRecipe, folder: Path) -> list[str]:
    return command(recipe, WorkFolders(folder, folder), ImageTools(), "http://m")
