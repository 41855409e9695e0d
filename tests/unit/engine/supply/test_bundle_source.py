"""Reading archives of `docker save`, in the layouts that engines write."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from collections.abc import Mapping

import pytest

from helpers.engine.supply.bundle_source import _counted, _member, _only, find, saved_images
from helpers.engine.supply.sources import Wanted
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import SupplyProgress

Files = Mapping[str, bytes]


def archive(files: Files, links: Mapping[str, str] | None = None) -> tarfile.TarFile:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    out.seek(0)
    return tarfile.open(fileobj=out)


def reopened(data: bytes) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(data))


MANIFEST = [
    {"Config": "c1.json", "RepoTags": ["app:1", "localhost/other:2"], "Layers": ["l1/layer.tar"]},
    {"Config": "c2.json", "RepoTags": None, "Layers": []},
    {
        "Config": "c3.json",
        "RepoTags": ["docker.io/library/busybox:1.37"],
        "Layers": ["l2/layer.tar"],
    },
]
FILES = {
    "l1/layer.tar": b"one" * 1000,
    "c1.json": b"{}",
    "c3.json": b"{ }",
    "manifest.json": json.dumps(MANIFEST).encode(),
}


def test_an_image_is_found_by_any_way_to_write_its_name() -> None:
    images = saved_images(archive(FILES))
    assert find(images, ImageReference.parse("app:1")) == images[0]
    assert find(images, ImageReference.parse("busybox:1.37")) == images[2]
    assert find(images, ImageReference.parse("app")) is None


def test_only_the_wanted_image_and_name_is_sent_on() -> None:
    told: list[SupplyProgress] = []
    wanted = Wanted(ImageReference.parse("busybox:1.37"), threading.Event(), told.append)
    source = archive(FILES, {"l2/layer.tar": "../l1/layer.tar"})
    image = find(saved_images(source), wanted.reference)
    assert image is not None
    members = [_member(source, name) for name in (image.config, *image.layers)]
    chunks = _counted(_only(source, image, members, wanted.name), wanted, 3003)
    sent = reopened(b"".join(chunks))
    assert sent.getnames() == ["manifest.json", "c3.json", "l2/layer.tar"]
    assert sent.extractfile("l2/layer.tar").read() == FILES["l1/layer.tar"]
    (said,) = json.load(sent.extractfile("manifest.json"))
    assert said == {"Config": "c3.json", "RepoTags": ["busybox:1.37"], "Layers": ["l2/layer.tar"]}
    assert told[-1].fraction == 1.0


@pytest.mark.parametrize("files", [{}, {"index.json": b"{}"}, {"manifest.json": b"not json"}])
def test_an_archive_of_another_kind_is_refused(files: Files) -> None:
    with pytest.raises(ValueError, match=r"docker save|Expecting"):
        saved_images(archive(files))
