"""A stick of a stranger's, or one that was changed on the way: nothing of it runs here."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from helpers.engine.bundle.artifact_writer import add_engine
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.debian.tree_cache import kept_tree, trees_dir
from helpers.engine.debian.tree_record import NAME
from helpers.engine.debian.unpacking import Entry
from helpers.errors import DamagedBundle, WorkbookError, WrongDigest
from helpers.launcher.start_from import StartFrom
from helpers.launcher.stick import Stick
from helpers.model.bundle.bundled_artifact import TITLE, BundledArtifact
from helpers.model.bundle.server_address import ServerAddress
from helpers.model.bundle.wheel_target import own_platform
from helpers.model.image.digest import Digest
from tests.hostile.server import Asked, Reply, hostile_server
from tests.unit.bundle_kit import served
from tests.unit.conftest import cut_off_home
from tests.unit.stick_kit import RECIPE, lock_of, make_stick, record_for, small_stick

__all__ = ["cut_off_home"]
pytestmark = pytest.mark.usefixtures("cut_off_home")


@pytest.fixture
def bundle(tmp_path: Path) -> BundleFile:
    return small_stick(tmp_path / "made")


@pytest.fixture
def lock(tmp_path: Path, bundle: BundleFile) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text(lock_of(sorted((tmp_path / "made").glob("*.whl"))))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wheels").mkdir()
    return tmp_path / "wheels"


def bring(stick: Stick) -> object:
    return stick.bring_engine(RECIPE, lambda text: None, threading.Event())


def write_wheels(stick: Stick, lock: Path, folder: Path) -> None:
    write = stick.wheels(lock)
    assert write is not None
    write(folder)


def blobs_of(bundle: BundleFile, is_engine: bool) -> list[Digest]:
    """The manifest, the config and the layers of one of its artifacts."""
    artifact = next(one for one in bundle.artifacts if one.is_engine is is_engine)
    manifest = bundle.manifest(artifact)
    return [artifact.manifest.digest, *(blob.digest for blob in manifest.blobs)]


def between(address: str, bundle: BundleFile) -> Stick:
    """What is served at that address, with the digest of the bundle."""
    return Stick.served(ServerAddress(f"http://{address}", bundle.digest))


def changed(bundle: BundleFile, digest: str) -> BundleFile:
    """The same file with one bit of that blob turned round."""
    data = bytearray(bundle.path.read_bytes())
    body = b"".join(bundle.chunks(digest))
    data[data.index(body) + len(body) - 1] ^= 1
    path = bundle.path.with_name("changed.tar")
    path.write_bytes(data)
    return BundleFile(path)


def nothing_is_left() -> bool:
    return kept_tree(RECIPE) is None and not [
        path for path in trees_dir().glob("*") if path.is_dir()
    ]


@pytest.mark.parametrize("part", [0, 1, 2])
def test_an_engine_that_was_changed_on_the_stick(bundle: BundleFile, part: int) -> None:
    strange = changed(bundle, blobs_of(bundle, is_engine=True)[part])
    with pytest.raises(DamagedBundle, match="is damaged"):
        bring(Stick.opened(strange))
    with pytest.raises(DamagedBundle, match="is damaged"):
        strange.verify()
    assert nothing_is_left()


@pytest.mark.parametrize("part", [0, 2, 3])
def test_a_wheel_that_was_changed_on_the_stick(
    bundle: BundleFile, lock: Path, folder: Path, part: int
) -> None:
    strange = changed(bundle, blobs_of(bundle, is_engine=False)[part])
    with pytest.raises(DamagedBundle, match="is damaged"):
        write_wheels(Stick.opened(strange), lock, folder)


def test_an_index_that_was_changed_on_the_stick(bundle: BundleFile) -> None:
    data = bundle.path.read_bytes().replace(b"python-packages", b"python-pockages")
    bundle.path.write_bytes(data)
    with pytest.raises(DamagedBundle, match=r"damaged in its index\.json"):
        StartFrom.parse(str(bundle.path))


def test_another_stick_is_known_by_its_digest(bundle: BundleFile, tmp_path: Path) -> None:
    strange = make_stick(tmp_path / "stick.tar")
    with pytest.raises(DamagedBundle, match="Nothing of it was used"):
        StartFrom.parse(f"{strange.path}#{bundle.digest.words}")


def test_a_server_without_a_digest_gives_no_program(
    bundle: BundleFile, lock: Path, folder: Path
) -> None:
    with served(bundle) as (server, http):
        assert StartFrom.parse(http.base).stick is None
        stick = Stick.served(ServerAddress(http.base))
        for use in (lambda: bring(stick), lambda: write_wheels(stick, lock, folder)):
            with pytest.raises(WrongDigest):
                use()
        assert server.served_bytes == 0
    assert nothing_is_left()


def test_another_server_at_that_address_gives_no_program(
    bundle: BundleFile, tmp_path: Path
) -> None:
    other = make_stick(tmp_path / "other.tar")
    with served(bundle) as (server, http):
        address = ServerAddress.parse(f"{http.base}/#{other.digest}")
        with pytest.raises(WrongDigest, match="not what your instructor's address names"):
            bring(Stick.served(address))
        assert server.served_bytes == 0


@pytest.mark.parametrize("is_engine", [True, False])
@pytest.mark.parametrize("part", [0, 1, 2])
def test_whoever_sits_between_changes_no_program(
    bundle: BundleFile, lock: Path, folder: Path, is_engine: bool, part: int
) -> None:
    blobs = blobs_of(bundle, is_engine)
    victim = blobs[2] if not is_engine and part == 1 else blobs[part]  # packages have no config

    def reply(asked: Asked) -> Reply:
        digest = asked.path.rpartition("/")[2]
        if asked.path == "/index.json":
            body = bundle.index
        elif bundle.has(digest):
            body = b"".join(bundle.chunks(digest))
        else:
            return Reply(404, {"Content-Length": "0"})
        if digest == victim:
            body = body[:-1] + bytes([body[-1] ^ 1])
        return Reply(200, {"Content-Length": str(len(body))}, [body])

    with hostile_server(reply) as server:
        stick = between(server.address, bundle)
        use = bring if is_engine else partial(write_wheels, lock=lock, folder=folder)
        with pytest.raises(WrongDigest):
            use(stick)
    assert nothing_is_left()


@pytest.mark.parametrize("more", [b"x", b"x" * 10_000_000])
def test_a_server_that_sends_more_than_it_announced(bundle: BundleFile, more: bytes) -> None:
    tree = blobs_of(bundle, is_engine=True)[2]

    def reply(asked: Asked) -> Reply:
        digest = asked.path.rpartition("/")[2]
        body = bundle.index if digest == "index.json" else b"".join(bundle.chunks(digest))
        body += more if digest == tree else b""
        return Reply(200, {"Content-Length": str(len(body))}, [body])

    with hostile_server(reply) as server:
        stick = between(server.address, bundle)
        with pytest.raises(WrongDigest, match="more came of a blob"):
            bring(stick)
    assert nothing_is_left()


def test_a_server_that_leads_elsewhere_is_not_followed(bundle: BundleFile) -> None:
    def reply(asked: Asked) -> Reply:
        return Reply(302, {"Location": "http://192.0.2.1/index.json", "Content-Length": "0"})

    with hostile_server(reply) as server:
        stick = between(server.address, bundle)
        with pytest.raises(WorkbookError, match="answered 302"):
            bring(stick)
        assert len(server.asked) == 1


# What somebody vouched for who packed it by hand: it stays in its folder all the same.
Members = Iterable[tuple[tarfile.TarInfo, bytes]]


def regular(name: str, content: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def entries_of(*paths: str, **links: str) -> dict[str, Entry]:
    digest = Digest.of(b"x").hex
    return {**dict.fromkeys(paths, (1, digest)), **links}


def strange_engine(tmp_path: Path, members: Members, entries: Mapping[str, Entry]) -> Stick:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    (tmp_path / "strange").mkdir()
    record_for(entries).write(tmp_path / "strange")
    record = (tmp_path / "strange" / NAME).read_bytes()

    def engine(writer: BundleWriter) -> BundledArtifact:
        return add_engine(writer, record, [gzip.compress(packed.getvalue())], own_platform())

    return Stick.opened(make_stick(tmp_path / "strange.tar", engine))


@pytest.mark.parametrize(
    ("members", "entries"),
    [
        ([regular("../out")], entries_of("../out")),
        ([regular("usr/../../out")], entries_of("usr/../../out")),
        ([regular("/tmp/out")], entries_of("/tmp/out")),
        ([regular("etc/passwd")], entries_of("etc/passwd")),
        ([regular("usr/./bin")], entries_of("usr/./bin")),
        ([regular("usr/bin"), regular("usr/more")], entries_of("usr/bin")),
        ([regular("usr/bin"), regular("usr/bin")], entries_of("usr/bin")),
        ([regular("usr/bin")], entries_of("usr/bin", "usr/more")),
        ([regular("usr/bin", b"y")], entries_of("usr/bin")),
        ([regular("usr/bin", b"x" * 5000)], entries_of("usr/bin")),
        ([special("usr/bin", tarfile.SYMTYPE, "/etc")], entries_of("usr/bin")),
        ([special("usr/bin", tarfile.LNKTYPE, "/etc/shadow")], entries_of("usr/bin")),
        ([special("usr/bin", tarfile.CHRTYPE)], entries_of("usr/bin")),
        ([], {"usr/link": "/etc", "usr/link/crontab": "/tmp/evil"}),
        ([regular("usr/link/x")], {"usr/link": "/etc", "usr/link/x": entries_of("x")["x"]}),
        ([], {"../link": "x"}),
        ([], {"usr/a": "x", "usr/a/b/c": "/etc"}),
    ],
)
def test_an_engine_that_would_write_elsewhere(
    tmp_path: Path, members: Members, entries: Mapping[str, Entry]
) -> None:
    stick = strange_engine(tmp_path, members, entries)
    before = {path for path in tmp_path.rglob("*") if "cache" not in path.parts}
    with pytest.raises(DamagedBundle, match="not what its record says"):
        bring(stick)
    assert {path for path in tmp_path.rglob("*") if "cache" not in path.parts} == before
    assert nothing_is_left()


def test_an_engine_that_grows_without_end(tmp_path: Path) -> None:
    size = 1 << 24
    stick = strange_engine(
        tmp_path, [regular("usr/bin", bytes(size))], {"usr/bin": (1 << 10, "0" * 64)}
    )
    with pytest.raises(DamagedBundle):
        bring(stick)
    assert nothing_is_left()


@pytest.mark.parametrize(
    "name",
    ["../evil-1.0-py3-none-any.whl", "/tmp/evil.whl", "a/b.whl", "evil.tar.gz", "", "-r.whl"],
)
def test_a_wheel_whose_name_leads_elsewhere(
    tmp_path: Path, lock: Path, bundle: BundleFile, folder: Path, name: str
) -> None:
    stick = Stick.opened(bundle)
    packages = next(one for one in bundle.artifacts if not one.is_engine)
    manifest = bundle.manifest(packages)
    wheel = replace(manifest.layers[0], annotations={TITLE: name})

    class Strange:
        """The same bundle, with a manifest of a stranger's."""

        name, artifacts = "strange.tar", bundle.artifacts

        def read(self, blob: object) -> bytes:
            document = json.loads(manifest.body)
            document["layers"] = [wheel.json()]
            return json.dumps(document).encode()

        def write(self, *_: object) -> None:
            raise AssertionError("nothing is written")

    with pytest.raises(DamagedBundle, match="a name that no wheel has"):
        write_wheels(replace(stick, source=Strange()), lock, folder)  # type: ignore[arg-type]
    assert not list(folder.iterdir())
