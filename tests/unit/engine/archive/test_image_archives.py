"""Archives of images in every layout, whole and damaged; the same image comes out of each."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.archive.archived_image import image_in
from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.reader import read_archive
from helpers.engine.layers.assemble import assembled
from helpers.engine.layers.layer_archive import read_layer
from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.history import HistoryEntry
from helpers.model.image.platform import Platform
from helpers.model.layers.image_layers import ImageLayers
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_progress import OnProgress
from tests.unit import tar_writer as tar

BASE = tar.layer(tar.folder(b"d/"), tar.file(b"d/x", b"four"), tar.file(b"d/y", b"12"))
TOP = tar.layer(tar.file(b"d/.wh.x"), tar.file(b"d/y", b"12", mode=0o600), tar.file(b"z", b"new"))
LAYOUTS: dict[str, Callable[[list[bytes]], bytes]] = {
    "docker": tar.legacy,
    "docker 25": tar.docker_25,
    "podman": tar.podman,
    "oci, gzip": tar.oci,
    "oci, zstd": lambda layers: tar.oci(layers, zstandard.compress),
    "oci, plain": lambda layers: tar.oci(layers, bytes),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Archive:
    """An archive as a source of layers."""

    resets_unlisted = False

    def __init__(self, data: bytes, name: str | None, platform: Platform | None) -> None:
        pieces = (data[at : at + 700] for at in range(0, len(data), 700))
        stream = ByteStream(pieces, len(data))
        self._content = read_archive(stream, lambda _, body: read_layer(unpacked(body)))
        self.image = image_in(self._content, name, platform)
        self.read_diff_ids: set[str] = set()

    def history(self) -> Sequence[HistoryEntry]:
        return self.image.history

    def read(self, diff_ids: set[str]) -> dict[str, LayerFiles]:
        self.read_diff_ids |= diff_ids
        return {one: self._content.layer(self.image.member_of[one], one) for one in diff_ids}

    def settled(
        self, unsettled: Mapping[str, frozenset[str]], listings: Mapping[str, LayerFiles]
    ) -> dict[str, LayerFiles]:
        raise AssertionError("every content of an archive has its fingerprint")


def analysed(
    data: bytes,
    name: str | None = None,
    platform: Platform | None = None,
    on_progress: OnProgress | None = None,
) -> ImageLayers:
    archive = Archive(data, name, platform)
    return assembled("", archive.image.diff_ids, archive, on_progress)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_holds_the_same_image(layout: str) -> None:
    image = analysed(LAYOUTS[layout]([BASE, TOP]))
    assert {path: entry.mode for path, entry in image.files().items()} == {
        "d": 0o755, "d/y": 0o600, "z": 0o644,
    }  # fmt: skip
    assert [tuple(waste) for waste in image.wasted()] == [
        ("d/x", 4, 0, 1, "removed"),
        ("d/y", 2, 0, 1, "metadata"),
    ]
    assert [layer.instruction for layer in image.layers] == ["RUN step 0", "RUN step 1"]
    assert [layer.diff_id for layer in image.layers] == [tar.digest(BASE), tar.digest(TOP)]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_an_archive_may_be_packed_as_a_whole(pack: Callable[[bytes], bytes]) -> None:
    assert analysed(pack(tar.legacy([BASE, TOP]))).wasted_bytes == 6


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_layer_may_stand_at_two_places(layout: str) -> None:
    image = analysed(LAYOUTS[layout]([BASE, TOP, BASE]))
    assert sorted(image.files()) == ["d", "d/x", "d/y", "z"]
    assert [layer.size_bytes for layer in image.layers] == [6, 5, 6]


def test_empty_steps_keep_their_place() -> None:
    steps = ["FROM", "ENV a=b", "RUN x"]
    image = analysed(tar.legacy([BASE, TOP], steps))
    assert [layer.is_empty for layer in image.layers] == [False, True, False]
    assert image.wasted()[0][2:4] == (0, 2)


def test_a_second_look_reads_no_layer(home: Path) -> None:
    data = tar.docker_25([BASE, TOP])
    first = analysed(data)
    kept = sorted(path.suffix for path in (home / "cache" / "layers").iterdir())
    assert kept == [".files", ".files"]
    again = Archive(data, None, None)
    assert assembled("", again.image.diff_ids, again) == first
    assert again.read_diff_ids == set()


def test_what_a_visitor_leaves_out_is_skipped() -> None:
    packed = gzip.compress(tar.docker_25([BASE, TOP]))
    seen = list[bytes]()

    def visit(member: str, body: ByteStream) -> str | None:
        seen.append(body.take(3))
        return member if len(seen) == 1 else None

    content = read_archive(ByteStream([packed]), visit)
    assert len(seen) == 2
    assert len(content.layers) == 1
    assert len(image_in(content).members) == 2


def platforms() -> bytes:
    """An OCI archive of two platforms, with an attestation for each, as buildx makes it."""
    parts, entries = [], []
    for place, architecture in enumerate(("amd64", "arm64")):
        plain = tar.layer(tar.file(architecture.encode(), b"x" * (place + 1)))
        about = tar.config([plain], architecture=architecture)
        manifest = tar.oci_manifest(about, [gzip.compress(plain)])
        entries.append(
            tar.descriptor(manifest, platform={"os": "linux", "architecture": architecture})
        )
        proof = json.dumps({"_type": "https://in-toto.io/Statement/v0.1", "n": place}).encode()
        attestation = tar.oci_manifest(tar.config([]), [proof])
        entries.append(
            tar.descriptor(
                attestation,
                platform={"os": "unknown", "architecture": "unknown"},
                annotations={"vnd.docker.reference.type": "attestation-manifest"},
            )
        )
        bodies = (gzip.compress(plain), about, manifest, proof, attestation)
        parts += [tar.blob(body) for body in bodies]
    inner = json.dumps({"schemaVersion": 2, "manifests": entries}).encode()
    outer = json.dumps({"schemaVersion": 2, "manifests": [tar.descriptor(inner)]}).encode()
    return tar.layer(*parts, tar.blob(inner), tar.file(b"index.json", outer))


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_the_platform_is_the_one_that_was_named(architecture: str) -> None:
    image = analysed(platforms(), platform=Platform("linux", architecture))
    assert list(image.files()) == [architecture]


def test_with_no_platform_named_this_machines_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert list(analysed(platforms()).files()) == ["arm64"]


def test_a_platform_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"linux/riscv64.*linux/amd64, linux/arm64"):
        analysed(platforms(), platform=Platform("linux", "riscv64"))


@pytest.mark.parametrize(
    "marks",
    [
        {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
        {"platform": {"os": "unknown", "architecture": "unknown"}},
    ],
)
def test_an_attestation_is_no_image(marks: dict[str, object]) -> None:
    proof = tar.oci_manifest(tar.config([]), [b"{}"])
    about, packed = tar.config([BASE]), gzip.compress(BASE)
    manifest = tar.oci_manifest(about, [packed])
    entries = [tar.descriptor(proof, **marks), tar.descriptor(manifest)]
    index = tar.file(b"index.json", json.dumps({"manifests": entries}).encode())
    bodies = (about, packed, manifest, proof, b"{}")
    image = analysed(tar.layer(*(tar.blob(body) for body in bodies), index))
    assert sorted(image.files()) == ["d", "d/x", "d/y"]


def two_images() -> bytes:
    one, other = tar.legacy([BASE], tag="a:1")[:-1024], tar.legacy([TOP], tag="b/c:2")[:-1024]
    cut = one.index(b"manifest.json")
    entries = []
    for layers, tag in (([BASE], "a:1"), ([TOP], "b/c:2")):
        name = tar.digest(tar.config(layers)).removeprefix("sha256:") + ".json"
        entries.append({"Config": name, "RepoTags": [tag], "Layers": [f"{tag[0]}.tar"]})
    return tar.layer(
        one[:cut], other[: other.index(b"manifest.json")],
        tar.file(b"a.tar", BASE), tar.file(b"b.tar", TOP),
        tar.file(b"manifest.json", json.dumps(entries).encode()),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["b/c:2", "docker.io/b/c:2"])
def test_of_several_images_the_named_one_is_read(name: str) -> None:
    assert sorted(analysed(two_images(), name=name).files()) == ["d", "d/y", "z"]


def test_of_several_images_one_has_to_be_named() -> None:
    with pytest.raises(InvalidInput, match="a:1, b/c:2"):
        analysed(two_images())
    with pytest.raises(InvalidInput, match="no nobody:1"):
        analysed(two_images(), name="nobody:1")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_archive_cut_off_anywhere_is_refused_in_words(layout: str) -> None:
    data = LAYOUTS[layout]([BASE, TOP])
    for length in range(0, len(data) - 1500, 397):
        with pytest.raises(UnreadableImage):
            analysed(data[:length])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_missing_layer_is_named(layout: str) -> None:
    whole = LAYOUTS[layout]([BASE, TOP])
    packed = {"oci, gzip": tar.gzipped, "oci, zstd": zstandard.compress}.get(layout, bytes)(TOP)
    assert tar.padded(packed) in whole
    lacking = whole.replace(tar.padded(packed), tar.padded(b"gone".ljust(len(packed))))
    with pytest.raises(UnreadableImage, match=f"lacks the layer {tar.digest(TOP)[:19]}"):
        analysed(lacking)


def with_manifest(manifest: object, *more: bytes) -> bytes:
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    return tar.layer(*more, tar.file(b"manifest.json", text))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x7fELF" + bytes(5000),
        tar.layer(tar.file(b"readme", b"no image at all")),
        with_manifest(b"[{"),
        with_manifest(b"[" * 100_000 + b"1"),
        with_manifest({}),
        with_manifest([]),
        with_manifest([1, 2]),
        with_manifest([{"Config": 5, "Layers": []}]),
        with_manifest([{"Config": "c.json", "Layers": []}]),
        with_manifest([{"Config": "c.json", "Layers": ["a"]}], tar.file(b"c.json", b"[1]")),
        with_manifest([{"Config": "c.json", "Layers": 7}], tar.file(b"c.json", b"{}")),
        with_manifest(
            [{"Config": "c.json", "Layers": ["../../../etc/passwd"]}],
            tar.file(b"c.json", b'{"rootfs": {"diff_ids": ["sha256:' + b"0" * 64 + b'"]}}'),
        ),
        with_manifest(
            [{"Config": "c.json", "Layers": ["l"]}],
            tar.symlink(b"l", b"m"), tar.symlink(b"m", b"l"),
            tar.file(b"c.json", b'{"rootfs": {"diff_ids": ["../../../../tmp/evil"]}}'),
        ),
        tar.layer(tar.file(b"index.json", b'{"manifests": [{"digest": "sha256:00"}]}')),
        tar.layer(tar.file(b"index.json", b'{"manifests": 3}')),
        tar.layer(tar.header(b"manifest.json", size=1 << 33)),
    ],
)  # fmt: skip
def test_what_is_no_image_is_refused_in_words(data: bytes) -> None:
    with pytest.raises((UnreadableImage, InvalidInput)):
        analysed(data)


def one_image(config: bytes, entry: dict[str, object], *more: bytes) -> bytes:
    return with_manifest([{"Config": "c.json"} | entry], tar.file(b"c.json", config), *more)


def test_a_layer_of_no_bytes_is_a_layer() -> None:
    for packed in (b"", gzip.compress(b""), bytes(1024)):
        plain = bytes(1024) if len(packed) == 1024 else b""
        data = one_image(
            tar.config([plain, BASE]), {"Layers": ["e.tar", "b.tar"]},
            tar.file(b"e.tar", packed), tar.file(b"b.tar", BASE),
        )  # fmt: skip
        image = analysed(data)
        assert [layer.size_bytes for layer in image.layers] == [0, 6]
        assert sorted(image.files()) == ["d", "d/x", "d/y"]


@pytest.mark.parametrize("rootfs", [{}, {"rootfs": None}, {"rootfs": {"diff_ids": None}}])
@pytest.mark.parametrize("entry", [{}, {"Layers": None}, {"Layers": []}])
def test_an_image_without_layers_is_an_image(
    rootfs: dict[str, object], entry: dict[str, object]
) -> None:
    config = json.dumps({"os": "linux", "history": [None, {"empty_layer": True}]} | rootfs)
    image = analysed(one_image(config.encode(), entry))
    assert (image.files(), len(image.layers)) == ({}, 2)


def test_an_oci_manifest_may_have_null_for_layers() -> None:
    about = json.dumps({"rootfs": None, "history": None}).encode()
    manifest = json.dumps({"config": tar.descriptor(about), "layers": None}).encode()
    index = json.dumps({"manifests": [tar.descriptor(manifest)]}).encode()
    data = tar.layer(tar.blob(about), tar.blob(manifest), tar.file(b"index.json", index))
    assert analysed(data).files() == {}


@pytest.mark.parametrize("diff_id", ["md5:" + "0" * 32, "sha256:00", "", None, 7, ["x"]])
def test_a_diff_id_that_cannot_be_checked_is_refused(diff_id: object) -> None:
    config = json.dumps({"rootfs": {"diff_ids": [diff_id]}}).encode()
    with pytest.raises(UnreadableImage):
        analysed(one_image(config, {"Layers": ["b.tar"]}, tar.file(b"b.tar", BASE)))


def test_the_later_of_two_members_of_a_name_holds() -> None:
    manifest = json.dumps([{"Config": "c.json", "Layers": ["b.tar"]}]).encode()
    data = tar.layer(
        tar.symlink(b"manifest.json", b"nowhere"), tar.file(b"b.tar"), tar.file(b"c.json", b"{}"),
        tar.file(b"./manifest.json", manifest), tar.file(b"x/../b.tar", BASE),
        tar.file(b"c.json", tar.config([BASE])),
    )  # fmt: skip
    assert sorted(analysed(data).files()) == ["d", "d/x", "d/y"]


def test_members_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.engine.archive.reader.MOST_MEMBERS", 100)
    for flood in (tar.file(b"f"), tar.symlink(b"s", b"t"), tar.folder(b"d/")):
        with pytest.raises(UnreadableImage, match="more than 100 members"):
            analysed(gzip.compress(tar.layer(*[flood] * 101)))


def test_documents_are_kept_in_proportion_to_what_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("helpers.engine.archive.reader.FREE_DOCUMENTS_BYTES", 1 << 20)
    flood = tar.layer(*(tar.file(b"%d" % place, b"{" + b" " * 99_999) for place in range(40)))
    with pytest.raises(UnreadableImage, match="no end of manifests"):
        analysed(gzip.compress(flood))
    kept = read_archive(ByteStream([flood], len(flood)), lambda _, body: body)
    assert len(kept.documents) == 40


@pytest.mark.parametrize("value", [b"[],", b"{},", b"0,"])
def test_a_document_of_more_values_than_any_manifest_has_is_refused(
    value: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.engine.archive.reader.MOST_VALUES", 1_000)
    with pytest.raises(UnreadableImage, match="a manifest without end"):
        analysed(with_manifest(b"[" + value * 2_000 + b"0]"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["c.json", "b.tar", tar.digest(BASE), "a:1", "linux", "md5:0"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["Config", "Layers", "RepoTags", "rootfs", "diff_ids", "history", "created_by",
             "empty_layer", "config", "layers", "manifests", "mediaType", "digest", "size",
             "platform", "os", "architecture", "annotations", "io.containerd.image.name"]
        ), inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(JSON, JSON, st.sampled_from(["manifest.json", "index.json"]), st.none() | st.just("a:1"))
def test_any_manifest_and_config_give_an_image_or_the_workbooks_own_error(
    manifest: object, config: object, member: str, name: str | None
) -> None:
    whole = [{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["b.tar"]}]
    for document in (manifest, [manifest], whole):
        data = tar.layer(
            tar.file(b"b.tar", BASE), tar.file(b"c.json", json.dumps(config).encode()),
            tar.file(member.encode(), json.dumps(document).encode()),
        )  # fmt: skip
        content = read_archive(ByteStream([data], len(data)), lambda _, body: read_layer(body))
        try:
            image = image_in(content, name)
        except (UnreadableImage, InvalidInput):
            continue
        assert len(image.members) == len(image.diff_ids)


def test_an_index_that_leads_to_itself_ends() -> None:
    name = "sha256:" + "a" * 64
    index = json.dumps({"manifests": [{"mediaType": "", "digest": name, "size": 9}]}).encode()
    blob = tar.file(b"blobs/sha256/" + b"a" * 64, index)
    with pytest.raises(UnreadableImage, match="from one list of images to the next"):
        analysed(tar.layer(blob, tar.file(b"index.json", index)))


def test_a_layer_that_is_damaged_matters_only_to_its_own_image() -> None:
    bad = bytearray(TOP)
    bad[140] ^= 1
    data = two_images().replace(TOP, bytes(bad))
    assert sorted(analysed(data, name="a:1").files()) == ["d", "d/x", "d/y"]
    with pytest.raises(UnreadableImage):
        analysed(data, name="b/c:2")


def test_nothing_is_written_but_the_cache(tmp_path: Path) -> None:
    evil = tar.layer(tar.file(b"../../evil", b"x"), tar.file(b"/tmp/evil", b"x"))
    image = analysed(tar.legacy([evil]))
    assert "climbs out" in image.flagged[0]
    written = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert written == {"home"}


def test_progress_ends_with_every_layer_finished() -> None:
    steps = list[tuple[int, bool]]()
    data = tar.legacy([BASE, TOP], ["FROM", "ENV a=b", "RUN x"])
    analysed(data, on_progress=lambda at: steps.append((at.index, at.finished)))
    assert steps == [(0, True), (2, True)]


def test_a_thousand_layers_deep_takes_no_time() -> None:
    layers = [tar.layer(tar.file(b"f", b"%d" % n)) for n in range(1000)]
    started = time.monotonic()
    image = analysed(tar.legacy(layers))
    assert len(image.wasted()) == 999
    assert time.monotonic() - started < 20
