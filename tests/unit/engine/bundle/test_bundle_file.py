"""A bundle on its way: written once, gone on with, and refused where a bit of it is wrong."""

from __future__ import annotations

import io
import json
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
import requests

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.load import _archive
from helpers.engine.bundle.tar_index import tar_index
from helpers.engine.bundle.writer import BundleWriter
from helpers.errors import DamagedBundle, InvalidInput, WrongDigest
from helpers.model.bundle.bundle_index import fitting
from helpers.model.image.platform import Platform
from tests.unit.bundle_kit import LAYERS, add, digest, make, served


@pytest.fixture
def bundle(tmp_path: Path) -> BundleFile:
    return make(tmp_path / "lessons.tar")


def test_it_is_an_oci_layout_in_a_tar_with_each_layer_once(bundle: BundleFile) -> None:
    with tarfile.open(bundle.path) as archive:
        names = archive.getnames()
        assert names[0] == "oci-layout"
        assert names[-2:] == ["index.json", "index.json.sha256"]
        blobs = [name for name in names if name.startswith("blobs/sha256/")]
        assert len(blobs) == len(set(blobs)) == 3 + 2 + 2  # layers, configs, manifests
        for name in blobs:
            assert sha256(archive.extractfile(name).read()).hexdigest() == name[13:]
        index = json.load(archive.extractfile("index.json"))
    assert [one["annotations"]["io.containerd.image.name"] for one in index["manifests"]] == [
        "docker.io/library/app:1", "docker.io/library/app:2",
    ]  # fmt: skip
    bundle.verify()


def test_the_same_images_make_the_same_bytes(tmp_path: Path, bundle: BundleFile) -> None:
    assert make(tmp_path / "again.tar").path.read_bytes() == bundle.path.read_bytes()


def test_what_is_loaded_is_what_docker_load_takes(bundle: BundleFile) -> None:
    image = bundle.images[1]
    told: list[tuple[int, int]] = []
    manifest = bundle.manifest(image)
    config = b"".join(bundle.chunks(manifest.config.digest))
    chunks = _archive(image.name, manifest, config, bundle, lambda *step: told.append(step))
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
        (said,) = json.load(archive.extractfile("manifest.json"))
        assert said["RepoTags"] == ["app:2"]
        assert archive.extractfile(said["Config"]).read() == config
        assert [archive.extractfile(name).read() for name in said["Layers"]] == LAYERS["app:2"]
    assert told[-1][0] == told[-1][1] == sum(one.size_bytes for one in manifest.layers)


class Broken(Exception):
    """Stands for a pulled plug."""


@pytest.mark.parametrize("after", range(8))
def test_a_broken_off_bundle_goes_on_from_the_last_whole_blob(
    tmp_path: Path, bundle: BundleFile, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken.tar"
    added: list[bytes] = []

    def breaking(writer: BundleWriter, chunks: list[bytes], stated: str | None = None) -> None:
        if len(added) == after:
            writer._file.write(bytes(512) + b"half a blob")
            raise Broken
        added.append(b"")
        return whole(writer, chunks, stated)

    whole = BundleWriter.add
    monkeypatch.setattr(BundleWriter, "add", breaking)
    with pytest.raises(Broken), BundleWriter(path) as writer:
        writer.finish([add(writer, name) for name in LAYERS])
    monkeypatch.undo()
    assert not path.exists()
    with BundleWriter(path) as writer:
        there = writer.blobs
        assert len(there) >= min(after, 1)
        writer.finish([add(writer, name) for name in LAYERS])
    assert path.read_bytes() == bundle.path.read_bytes()
    assert not writer.part.exists()


def test_a_changed_blob_of_a_broken_off_bundle_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "broken.tar"
    with BundleWriter(path) as writer:
        add(writer, "app:1")
    changed = bytearray(writer.part.read_bytes())
    changed[tar_index(writer.part).members[2].start] ^= 1
    writer.part.write_bytes(changed)
    with BundleWriter(path) as writer:
        assert len(writer.blobs) == 1


def test_other_bytes_than_the_digest_says_are_not_taken(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "b.tar") as writer:
        size = writer.part.stat().st_size
        with pytest.raises(WrongDigest):
            writer.add([b"x"], digest(b"y"))
        assert writer.blobs == frozenset()
        writer._file.flush()
        assert writer.part.stat().st_size <= max(size, 1024)


def part_of(bundle: BundleFile, name: str) -> str:
    """What a member of the bundle is, in the words that an error must name it with."""
    for image in bundle.images:
        manifest = bundle.manifest(image)
        parts = {image.manifest.digest: f"the manifest of {image.name}"}
        parts[manifest.config.digest] = f"the config of {image.name}"
        for number, layer in enumerate(manifest.layers, 1):
            parts[layer.digest] = f"layer {number} of 2 of "
        if f"sha256:{name[13:]}" in parts:
            return parts[f"sha256:{name[13:]}"]
    return name


def test_a_changed_byte_anywhere_is_found_and_its_part_is_named(
    tmp_path: Path, bundle: BundleFile
) -> None:
    whole = bundle.path.read_bytes()
    members = tar_index(bundle.path).members
    checked = 0
    for member in members[1:]:
        for at in {member.start, member.start + member.size_bytes - 1}:
            changed = bytearray(whole)
            changed[at] ^= 0x40
            path = tmp_path / "changed.tar"
            path.write_bytes(changed)
            with pytest.raises(DamagedBundle) as caught:
                BundleFile(path).verify()
            wanted = "index.json" if "index" in member.name else part_of(bundle, member.name)
            assert wanted in caught.value.message
            assert caught.value.next_step
            checked += 1
    assert checked >= 16


def test_a_bundle_cut_anywhere_is_refused_when_it_is_opened(
    tmp_path: Path, bundle: BundleFile
) -> None:
    whole = bundle.path.read_bytes()
    path = tmp_path / "cut.tar"
    for length in range(600, len(whole) - 1024, 997):
        path.write_bytes(whole[:length])
        with pytest.raises((DamagedBundle, InvalidInput)) as caught:
            BundleFile(path).verify()
        assert "cut off" in caught.value.message or "no bundle" in caught.value.message


def with_member(bundle: BundleFile, info: tarfile.TarInfo, size: int = 0) -> Path:
    """The bundle with one more header behind its first member, of that size."""
    whole = bundle.path.read_bytes()
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    if size:
        header[124:136] = (size % 256**12).to_bytes(12, "big")
        header[148:156] = b" " * 8
        header[148:156] = f"{sum(header):06o}\0 ".encode()
    first = tar_index(bundle.path).members[0].end
    path = bundle.path.with_name("with.tar")
    path.write_bytes(whole[:first] + header + whole[first:])
    return path


@pytest.mark.timeout(20)
@pytest.mark.parametrize("size", [-1, -512, -1024, -(256**8)])
def test_a_member_of_less_than_nothing_is_damage(bundle: BundleFile, size: int) -> None:
    path = with_member(bundle, tarfile.TarInfo("blobs/odd"), size)
    with pytest.raises(DamagedBundle, match="damaged at blobs/odd"):
        BundleFile(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, b"S"])
def test_a_member_that_is_no_plain_file_is_damage(bundle: BundleFile, kind: bytes) -> None:
    info = tarfile.TarInfo("blobs/odd")
    info.type = kind
    with pytest.raises(DamagedBundle, match="damaged at blobs/odd"):
        BundleFile(with_member(bundle, info))


def test_a_bundle_that_was_packed_again_with_its_folders_is_one(bundle: BundleFile) -> None:
    for kind in (tarfile.DIRTYPE, tarfile.AREGTYPE, tarfile.XHDTYPE):
        info = tarfile.TarInfo("blobs")
        info.type = kind
        BundleFile(with_member(bundle, info)).verify()


def test_what_is_no_bundle_is_said(tmp_path: Path) -> None:
    other = tmp_path / "notes.tar"
    other.write_bytes(b"notes" * 300)
    with pytest.raises(InvalidInput, match="no bundle"):
        BundleFile(other)
    with pytest.raises(InvalidInput, match="no file"):
        BundleFile(tmp_path / "nothing.tar")


def test_a_served_bundle_answers_as_a_registry(tmp_path: Path) -> None:
    path = tmp_path / "two.tar"
    with BundleWriter(path) as writer:
        platforms = ("linux/amd64", "linux/arm64")
        writer.finish([add(writer, "app:1", platform) for platform in platforms])
    bundle = BundleFile(path)
    with served(bundle) as (server, http):
        assert http.repositories() == ["library/app"]
        assert http.tags("library/app") == ["1"]
        found = http.manifest("library/app", "1")
        assert [str(platform) for platform in found.platforms] == list(platforms)
        assert http.digest("library/app", "1") == found.digest
        one = http.manifest("library/app", found.manifests[1].digest)
        assert http.manifest("library/app", one.digest).body == one.body
        for blob in one.blobs:
            assert digest(b"".join(http.blob("library/app", blob.digest))) == blob.digest
        page = requests.get(http.base, proxies={"http": ""}, timeout=5).text
        assert "app:1 (linux/arm64)" in page
        for path_, status in (("/v2/../../etc/passwd", 404), ("/v2/library/app/blobs/x", 404)):
            assert requests.get(http.base + path_, timeout=5).status_code == status
        assert requests.post(f"{http.base}/v2/library/app/blobs/uploads/").status_code == 405
        assert server.served_bytes > 50_000


def test_of_each_name_the_image_that_suits_a_machine_best_is_taken(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "b.tar") as writer:
        arms = [add(writer, "app:1", f"linux/arm/{variant}") for variant in ("v5", "v7", "v6")]
        amd64, arm64 = (add(writer, "app:2", f"linux/{one}") for one in ("amd64", "arm64/v8"))
    images = [*arms, amd64, arm64]
    assert fitting(images, Platform("linux", "arm")) == [arms[1]]
    assert fitting(images, Platform("linux", "arm", "v6")) == [arms[2]]
    assert fitting(images, Platform("linux", "amd64")) == [amd64]
    assert fitting(images, Platform("linux", "arm64")) == [arms[1], arm64]
    assert fitting(images, Platform("linux", "s390x")) == []
