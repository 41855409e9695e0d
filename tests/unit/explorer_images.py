"""Images made by hand for tests of the layer explorer."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.image_layers import Change, ImageLayers, Layer, Waste

EVIL = "<img src=x onerror=document.title='hacked'>"


def small_image(name: str = "demo") -> ImageLayers:
    """A base, a big file, its removal, an empty step, a chmod: 10 MB wasted of 26 MB."""
    layers = (
        Layer(0, 'ADD rootfs.tar / # <b>"base"</b>', "", "sha256:aa", 6_000_000, False,
              (Change("bin", "added"), Change("bin/sh", "added", 1_000_000),
               Change("data", "added"), Change("data/table.csv", "added", 5_000_000))),
        Layer(1, "RUN make-big /big", "", "sha256:bb", 10_000_000, False,
              (Change("big", "added", 10_000_000),)),
        Layer(2, "RUN rm /big", "", "sha256:cc", 0, False,
              (Change("big", "removed", 0, 10_000_000),)),
        Layer(3, "ENV A=b", "", "", 0, True),
        Layer(4, "COPY app /app", "", "sha256:dd", 10_000_000, False,
              (Change("app", "added"), Change(f"app/{EVIL}", "added", 5_000_000),
               Change("data/table.csv", "metadata", 5_000_000, 5_000_000))),
    )  # fmt: skip
    tree = files_of(
        FileEntry("bin", "directory"),
        FileEntry("bin/sh", "file", 1_000_000),
        FileEntry("data", "directory"),
        FileEntry("data/table.csv", "file", 5_000_000, 0o600),
        FileEntry("app", "directory"),
        FileEntry(f"app/{EVIL}", "file", 5_000_000, 0o4755, 7, 8),
        FileEntry("link", "symlink", link_target=EVIL),
    )
    waste = (
        Waste("big", 10_000_000, 1, 2, "removed"),
        Waste("data/table.csv", 5_000_000, 0, 4, "metadata"),
    )
    return ImageLayers(name, layers, tree, waste)


def big_image(files: int) -> ImageLayers:
    """So many files in folders of 40, in two layers; the second rewrites every tenth."""
    paths = [f"usr/lib/python3/pack{n // 40:05}/module_{n % 40:02}.py" for n in range(files)]
    sizes = [200 + (n * 7919) % 40_000 for n in range(files)]
    again = range(0, files, 10)
    first = Layer(
        0, "ADD rootfs.tar /", "", "sha256:aa", sum(sizes), False,
        tuple(Change(p, "added", s) for p, s in zip(paths, sizes, strict=True)),
    )  # fmt: skip
    second = Layer(
        1, "RUN touch -d now all", "", "sha256:bb", sum(sizes[n] for n in again), False,
        tuple(Change(paths[n], "identical", sizes[n], sizes[n]) for n in again),
    )  # fmt: skip
    tree = files_of(*(FileEntry(p, "file", s, 0o644) for p, s in zip(paths, sizes, strict=True)))
    waste = tuple(Waste(paths[n], sizes[n], 0, 1, "identical") for n in again)
    return ImageLayers("big", (first, second), tree, waste)


def files_of(*entries: FileEntry) -> Mapping[str, FileEntry]:
    """The entries by path."""
    return {entry.path: entry for entry in entries}
