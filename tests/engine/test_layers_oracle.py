"""The files of real images of every kind of builder, against what a container of each really has.

The oracle is `docker export` of a container that was only created, read by Python's tarfile.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.labels import LESSON
from helpers.engine.connection.client import find_client
from helpers.engine.debian.tree_cache import unpacked_tree
from helpers.engine.docker import Docker
from helpers.engine.layers import analyse, summary
from helpers.engine.layers.layer_folder import may_read_marks
from helpers.engine.layers.storage import storage_of
from helpers.engine.private import PrivateEngine
from helpers.engine.private.engine_release import EngineRelease
from helpers.errors import NoSuchImage
from helpers.model.layers.image_layers import ImageLayers
from tests.engine.conftest import BUSYBOX
from tests.engine.supply_kit import has_containerd_store
from tests.engines.tested_engine import (
    DOCKER_26,
    DOCKER_26_CONTAINERD,
    DOCKER_CLASSIC,
    DOCKER_CONTAINERD,
    TestedEngine,
)
from tests.unit import tar_writer as tar

pytestmark = pytest.mark.engine

LABEL = "tests-layers"
STORING = (DOCKER_CLASSIC, DOCKER_CONTAINERD, DOCKER_26, DOCKER_26_CONTAINERD)
# What the engine puts into a container where the image has nothing there.
ENGINES_OWN = {
    ".dockerenv", "dev", "dev/console", "dev/pts", "dev/shm", "etc", "etc/hostname", "etc/hosts",
    "etc/mtab", "etc/resolv.conf", "proc", "sys",
}  # fmt: skip
TREE = """
RUN mkdir -p '/t/a b/c' /t/gone/deep /t/opaque /t/becomes-file && cd /t && echo one > 'a b/x y' \
 && echo two > gone/deep/f && echo three > opaque/f && echo four > becomes-file/f \
 && ln -s '../a b/x y' opaque/link && ln -s nowhere dangling && mkfifo pipe && mknod null c 1 3 \
 && mknod disk b 8 1 && dd if=/dev/urandom of=big bs=1000 count=200 2>/dev/null
RUN cd /t && ln big big-2 && ln big 'big 3' && cp big copy && chmod 4755 copy && chown 12:34 big-2 \
 && touch "$(printf 'caf\\351')" "$(printf 'new\\\\nline')" \
  '<img src=x>' "$(printf 'caf\\303\\251')"
RUN cd /t && rm -rf gone && rm big && rm -rf opaque && mkdir opaque && echo new > opaque/g \
 && rm -rf becomes-file && echo file > becomes-file && ln -sf else dangling && mkdir pipe2
RUN cd /t && chmod 700 'a b/x y' && touch copy && cp -p copy copy-2 && mv copy-2 copy \
 && chown -R 1000:1000 'a b' && chmod 1777 'a b/c' && rm pipe && mkdir pipe
RUN true
"""


def labelled(dockerfile: str) -> str:
    return re.sub(r"^(FROM .*)$", rf"\1\nLABEL {LESSON}={LABEL}", dockerfile, flags=re.MULTILINE)


def build(docker: Docker, name: str, dockerfile: str) -> None:
    """An image by the classic builder."""
    text = labelled(dockerfile).encode()
    context = tar.layer(tar.file(b"Dockerfile", text), tar.file(b"f", b"copied", uid=5))
    api = docker.client.api
    answer = api.post(
        api._url("/build"),
        params={"t": name, "version": "1", "rm": "1", "forcerm": "1"},
        headers={"Content-Type": "application/x-tar"},
        data=context,
        timeout=300,
    )
    assert answer.ok, answer.text
    problems = [line for line in answer.text.splitlines() if '"error"' in line]
    assert not problems, problems


def build_with_buildkit(docker: Docker, name: str, dockerfile: str) -> None:
    """The same by BuildKit, which gets its context over a session: 26.1 reads a posted one in one
    of its stores alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "Dockerfile").write_text(labelled(dockerfile), encoding="utf-8")
        Path(folder, "f").write_bytes(b"copied")
        assert docker.build(folder, name).builder == "BuildKit"


def classic(docker: Docker, name: str) -> None:
    build(docker, name, f"FROM {BUSYBOX}\nENV a=b{TREE}COPY f /new/place/")


def buildkit(docker: Docker, name: str) -> None:
    build_with_buildkit(
        docker, name, f"FROM {BUSYBOX}\nENV a=b{TREE}WORKDIR /w/x\nCOPY f /new/place/"
    )


def multi_stage(docker: Docker, name: str) -> None:
    stages = f"FROM {BUSYBOX} AS made{TREE}FROM {BUSYBOX}\nCOPY --from=made /t /copied\n"
    build(docker, name, stages + "COPY --from=made /bin /bin\nRUN rm -rf /copied/opaque")


def multi_stage_buildkit(docker: Docker, name: str) -> None:
    stages = f"FROM {BUSYBOX} AS made{TREE}FROM scratch\nCOPY --from=made /t /copied\n"
    build_with_buildkit(docker, name, stages + "COPY --from=made /bin/busybox /bin/busybox\n")


def stand_in(docker: Docker, name: str) -> None:
    docker.client.api.tag(BUSYBOX, *name.split(":"))


def imported(docker: Docker, name: str) -> None:
    data = tar.layer(
        tar.folder(b"./"), tar.folder(b"./d/", mode=0o700),
        tar.file(b"./d/f", b"x", uid=99, mode=0o6755),
        tar.hard_link(b"./d/g", b"./d/f", uid=99, mode=0o6755), tar.gnu_long(b"./d/" + b"n" * 200),
        tar.file(b"x", b"long"), tar.pax([(b"path", b"d/caf\xe9"), (b"uid", b"70000")]),
        tar.file(b"x", b"latin"), tar.symlink(b"s", b"/d/f"), tar.header(b"z", b"3", device=(1, 5)),
    )  # fmt: skip
    repository, tag = name.split(":")
    docker.client.api.import_image_from_data(
        data, repository, tag, changes=[f"LABEL {LESSON}={LABEL}", 'CMD ["/d/f"]']
    )


def committed(docker: Docker, name: str) -> None:
    script = TREE.replace("\\\n", "").replace("RUN ", "").strip().replace("\n", " && ")
    box = docker.run(BUSYBOX, ["sh", "-c", script], name="wblay-committed", detach=False)
    assert box.exit_code == 0, box.logs()
    repository, tag = name.split(":")
    docker.client.api.commit(box.id, repository, tag, changes=[f"LABEL {LESSON}={LABEL}"])
    again = docker.run(name, ["sh", "-c", "rm -r /t/opaque /bin/ls; ln /t/copy /t/z"], detach=False)
    docker.client.api.commit(again.id, repository, tag)


def loaded(docker: Docker, name: str) -> None:
    """Layers in orders that no builder of today writes."""
    base = tar.layer(
        tar.folder(b"d/"), tar.file(b"d/x", b"1"), tar.folder(b"d/e/"), tar.file(b"d/e/y", b"22"),
        tar.folder(b"o/"), tar.file(b"o/x", b"333"), tar.folder(b"o/p/"), tar.file(b"o/p/q", b"4"),
        tar.file(b"z-body", b"linked"), tar.hard_link(b"a-link", b"z-body"),
        tar.file(b"f", b"file"),
    )  # fmt: skip
    top = tar.layer(
        tar.folder(b"o/"), tar.file(b"o/new", b"new"), tar.file(b"o/.wh..wh..opq"),
        tar.folder(b"d/"), tar.file(b"d/.wh.x"), tar.file(b"d/.wh.e"), tar.file(b".wh.nothing"),
        tar.file(b".wh.z-body"), tar.folder(b"f/"), tar.file(b"f/inside", b"x"),
    )  # fmt: skip
    data = tar.legacy([base, top, base], ["ADD base", "ADD top", "ADD base"], name)
    docker.client.images.load(data)


def odd(docker: Docker, name: str) -> None:
    """Members that archivers rarely write, and that engines unpack in ways of their own."""
    base = tar.layer(
        tar.folder(b"t/"), tar.file(b"t/gone", b"1"), tar.file(b"t/stays", b"22"),
    )  # fmt: skip
    long = b"n" * 90 + b"/" + b"m" * 90
    top = tar.layer(
        tar.pax([(b"path", b"t/evil"), (b"size", b"0"), (b"uid", b"9")], b"g"),
        tar.folder(b"t/"), tar.file(b"t/after-all", b"four"),
        tar.folder(b"t/bin/"), tar.folder(b"t/share/"), tar.file(b"t/bin/../share/back", b"5"),
        tar.symlink(b"t/s", b"nowhere"), tar.hard_link(b"t/s-2", b"t/s", uid=4),
        tar.header(b"t/p", b"6", mode=0o600), tar.hard_link(b"t/p-2", b"t/p", mode=0o640, gid=7),
        tar.header(b"t/c", b"3", device=(1, 5)), tar.hard_link(b"t/c-2", b"t/c", mode=0o600),
        tar.file(b"t/z", b"linked"), tar.hard_link(b"t/y", b"t/z", mode=0o4755),
        tar.hard_link(b"t/x", b"t/y", mode=0o600, uid=3),
        tar.header(b"t/gone", b"3", device=(0, 0)), tar.header(b"t/b", b"4", device=(0, 0)),
        tar.header(b"t/narrow", b"2", link=b"x", mode=0o600),
        tar.pax([(b"uid", b"-2"), (b"gid", b"4294967301")]), tar.file(b"t/minus-2"),
        tar.pax([(b"uid", b"-1")]), tar.file(b"t/minus-1"),
        tar.file(b"t/base-256", uid=b"\xff" * 7 + b"\xfe"),
        tar.symlink(b"t/to-share", b"share"), tar.file(b"t/to-share/led", b"7"),
        tar.pax([(b"path", b"t/pax")]), tar.gnu_long(b"t/" + long), tar.file(b"x", b"10"),
        tar.header(b"t/old/", b"\0", magic=b"", mode=0o700),
    )  # fmt: skip
    docker.client.images.load(tar.legacy([base, top], ["ADD base", "ADD top"], name))


def unlisted(docker: Docker, name: str) -> None:
    """Layers that do not list the directories that their files are in."""
    base = tar.layer(
        tar.folder(b"d/", mode=0o1770, uid=7), tar.folder(b"d/e/", mode=0o700, gid=8),
        tar.file(b"d/e/x", b"1"), tar.file(b"was-file", b"22"),
    )  # fmt: skip
    top = tar.layer(
        tar.file(b"d/e/y", b"333"), tar.file(b"d/e/.wh.x"), tar.file(b"new/in/z", b"4"),
        tar.file(b".wh.was-file"), tar.file(b"for-a/.wh.mark"), tar.file(b"op/.wh..wh..opq"),
        tar.folder(b"listed/", mode=0o711), tar.file(b"listed/f", b"5"),
    )  # fmt: skip
    other = tar.layer(tar.folder(b"d/", mode=0o755), tar.folder(b"d/e/", mode=0o750))
    steps = ["ADD base", "ADD top", "ADD other", "ADD top"]
    docker.client.images.load(tar.legacy([base, top, other, top], steps, name))


def marked(docker: Docker, name: str) -> None:
    """A directory with overlay's own mark, which Docker's unpacker sets; containerd's does not."""
    base = tar.layer(tar.folder(b"t/"), tar.folder(b"t/hidden/"), tar.file(b"t/hidden/x", b"333"))
    top = tar.layer(
        tar.pax([(b"SCHILY.xattr.trusted.overlay.opaque", b"y")]), tar.folder(b"t/hidden/"),
        tar.file(b"t/hidden/y", b"4"),
    )  # fmt: skip
    docker.client.images.load(tar.legacy([base, top], ["ADD base", "ADD top"], name))


KINDS: dict[str, Callable[[Docker, str], None]] = {
    make.__name__: make
    for make in (
        classic, buildkit, multi_stage, multi_stage_buildkit, stand_in, imported, committed, loaded,
        odd, unlisted,
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def docker(endpoint: Endpoint) -> Iterator[Docker]:
    """A label of its own: what is built once outlives the clean-up after a test."""
    client, _ = find_client([endpoint])
    yield Docker(client, endpoint, LABEL)
    client.close()


@pytest.fixture(scope="module", params=STORING, ids=lambda kind: kind.key)
def storing(request: pytest.FixtureRequest, docker: Docker) -> Iterator[Docker]:
    """An engine whose storage is read from here."""
    with engine_of(request.param, docker) as engine:
        yield engine


@contextmanager
def engine_of(kind: TestedEngine, docker: Docker, prefix: str = "wbt") -> Iterator[Docker]:
    """An engine of that kind beside the tested one, with busybox."""
    if sys.platform != "linux" or not may_read_marks():
        pytest.skip("The storage of an engine is root's to read, on Linux.")
    release = EngineRelease(kind.recipe, kind.store or "classic")
    unpacked_tree(release.recipe, lambda step: None, threading.Event())
    private = PrivateEngine(f"{prefix}-{kind.key}", release=release)
    try:
        private.start()
        client, found = find_client([Endpoint(private.host, "a test")])
        client.images.load(b"".join(docker.client.images.get(BUSYBOX).save(named=True)))
        assert has_containerd_store(client) == (kind.store == "containerd")
        yield Docker(client, found, LABEL)
        client.close()
    finally:
        private.remove()


@pytest.fixture(scope="module", params=KINDS)
def image(request: pytest.FixtureRequest, docker: Docker) -> Iterator[str]:
    """The name of an image of that kind, built once for all that is asked of it."""
    with built(docker, request.param, "wblay") as name:
        yield name


@pytest.fixture(scope="module", params=KINDS)
def stored(request: pytest.FixtureRequest, storing: Docker) -> Iterator[str]:
    """The same on the engine whose storage is read."""
    with built(storing, request.param, "wblay-stored") as name:
        yield name


@contextmanager
def built(docker: Docker, kind: str, prefix: str) -> Iterator[str]:
    """The name of an image of that kind; afterwards nothing of it is there."""
    name = f"{prefix}-{kind.replace('_', '-')}:1"
    make = marked if kind == "marked" else KINDS[kind]
    make(docker, name)
    yield name
    docker.client.api.remove_image(name, force=True)
    for left in docker.client.api.containers(all=True, filters={"label": f"{LESSON}={LABEL}"}):
        docker.client.api.remove_container(left["Id"], force=True)
    for stage in docker.client.api.images(filters={"dangling": True, "label": f"{LESSON}={LABEL}"}):
        docker.client.api.remove_image(stage["Id"], force=True)


def exported(docker: Docker, name: str) -> dict[str, tuple[Any, ...]]:
    """{path: kind, rights, owners, size, target, device} of what a container of it has."""
    api = docker.client.api
    box = api.create_container(name, command=["x"], labels={LESSON: LABEL})["Id"]
    with tempfile.TemporaryFile() as file:
        for chunk in api.export(box, chunk_size=1 << 20):
            file.write(chunk)
        api.remove_container(box)
        file.seek(0)
        with tarfile.open(fileobj=file) as archive:
            found = {member.name.strip("/"): member for member in archive}
    return {path: described(member, found) for path, member in found.items() if path}


def described(member: tarfile.TarInfo, found: dict[str, tarfile.TarInfo]) -> tuple[Any, ...]:
    rights = (member.mode & 0o7777, member.uid, member.gid)
    if member.islnk():
        body = found[member.linkname.strip("/")]
        if not body.isreg():
            return described(body, found)
        return ("file", *rights, body.size, f"as {body.name}", ())
    kind = {
        tarfile.REGTYPE: "file", tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink",
        tarfile.CHRTYPE: "device", tarfile.BLKTYPE: "device", tarfile.FIFOTYPE: "fifo",
    }[member.type]  # fmt: skip
    device = (member.ischr(), member.devmajor, member.devminor) if kind == "device" else ()
    size = member.size if kind == "file" else 0
    return (kind, *rights, size, member.linkname if kind == "symlink" else "", device)


def seen(image: ImageLayers) -> dict[str, tuple[Any, ...]]:
    """The same of what we say."""
    files = image.files()
    rows = {}
    for path, entry in files.items():
        size, target, device = entry.size_bytes, entry.link_target, ()
        if entry.is_hard_link:
            size, target = files[target].size_bytes, f"as {target}"
        if entry.kind == "device":
            major, minor = entry.fingerprint[1:].split(b":")
            device = (entry.fingerprint[:1] == b"c", int(major), int(minor))
        rows[path] = (entry.kind, entry.mode, entry.uid, entry.gid, size, target, device)
    return rows


@pytest.fixture
def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ImageLayers]:
    """A first look at an image, with nothing kept of any other."""

    def look(docker: Docker, name: str, use_storage: bool) -> ImageLayers:
        monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / str(use_storage)))
        return analyse(docker.client, name, use_storage=use_storage)

    return look


def test_the_files_are_those_that_a_container_has(
    docker: Docker, image: str, looked: Callable[..., ImageLayers]
) -> None:
    assert_as_exported(docker, image, looked(docker, image, False))


def test_the_files_in_storage_are_those_that_a_container_has(
    storing: Docker, stored: str, looked: Callable[..., ImageLayers]
) -> None:
    inspected = storing.client.api.inspect_image(stored)
    assert storage_of(inspected, storing.client.info)
    assert_as_exported(storing, stored, looked(storing, stored, True))


def assert_as_exported(docker: Docker, image: str, layers: ImageLayers) -> None:
    """That what we say of an image's files is what a container of it has."""
    ours, real = seen(layers), exported(docker, image)
    for path in ENGINES_OWN - ours.keys():
        real.pop(path, None)
    assert ours.keys() == real.keys()
    assert {p: (ours[p], real[p]) for p in ours if ours[p] != real[p]} == {}


def test_both_readers_say_the_same(
    storing: Docker, stored: str, looked: Callable[..., ImageLayers]
) -> None:
    by_save, by_storage = (looked(storing, stored, use_storage) for use_storage in (False, True))
    assert [set(layer.changes) for layer in by_storage.layers] == [
        set(layer.changes) for layer in by_save.layers
    ]
    assert [(each.instruction, each.diff_id, each.size_bytes) for each in by_storage.layers] == [
        (each.instruction, each.diff_id, each.size_bytes) for each in by_save.layers
    ]
    assert set(by_storage.wasted()) == set(by_save.wasted())
    assert by_storage.flagged == by_save.flagged == ()


@pytest.mark.parametrize("kind", [DOCKER_26, DOCKER_CLASSIC], ids=lambda kind: kind.key)
def test_overlays_own_mark_counts_in_the_classic_store(
    docker: Docker, kind: TestedEngine, looked: Callable[..., ImageLayers]
) -> None:
    with engine_of(kind, docker, "wbm") as engine, built(engine, "marked", "wblay") as name:
        for use_storage in (False, True):
            assert_as_exported(engine, name, looked(engine, name, use_storage))


def test_the_summary_names_the_same_layers(
    docker: Docker, image: str, looked: Callable[..., ImageLayers]
) -> None:
    told = summary(docker.client, image)
    seen_image = looked(docker, image, False)
    read, files = seen_image.layers, seen_image.files()
    assert [each.instruction for each in told] == [each.instruction for each in read]
    assert [each.diff_id for each in summary(docker.client, image)] == [e.diff_id for e in read]
    sized = [(told[n].size_bytes, read[n].size_bytes) for n in range(len(told))]
    block = 4096 if has_containerd_store(docker.client) else 0  # which counts what files take
    for (engines, ours), layer in zip(sized, read, strict=True):
        directories = sum(entry.kind == "directory" for entry in files.values())
        assert engines - 20_000 - block * (len(layer.changes) + directories) <= ours <= engines


def test_the_learners_image_says_it_too(docker: Docker) -> None:
    image = docker.image(BUSYBOX)
    assert image.content.live_bytes > 500_000
    assert image.files()["bin/busybox"].mode == 0o755
    assert image.shared_with(docker.image(BUSYBOX)).size_bytes == image.content.all_bytes
    assert image.efficiency == 1.0
    assert json.dumps([layer.instruction for layer in image.layers])


def test_an_image_that_is_not_there_is_said(docker: Docker) -> None:
    with pytest.raises(NoSuchImage):
        analyse(docker.client, "wblay-nothing:1")
