"""What the tests of sticks share: a small tree, a few wheels, and bundles of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path

from helpers.engine.bundle.artifact_writer import add_engine, add_packages
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.debian.suite import architecture
from helpers.engine.debian.tree_archive import packed, record_of
from helpers.engine.debian.tree_record import TreeRecord
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.debian.unpacking import Entry
from helpers.model.bundle.bundled_artifact import BundledArtifact
from helpers.model.bundle.wheel_target import WheelTarget, own_platform
from helpers.model.debian.tree_recipe import TreeRecipe
from helpers.model.image.platform import Platform
from tests.unit.bundle_kit import add

RECIPE = TreeRecipe("tiny", ("testing", "stable"), ("app",))
FILES = {"usr/bin/app": b"#!/bin/sh\necho app\n", "usr/lib/app.so": b"library" * 9000}
LINKS = {"usr/lib/app.so.1": "app.so", "usr/sbin/app": "../bin/app"}


def make_wheel(folder: Path, name: str) -> Path:
    """A wheel of one module, VALUE = 1."""
    info, path = f"{name}-1.0.dist-info", folder / f"{name}-1.0-py3-none-any.whl"
    record = f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
    files = {
        f"{name}.py": "VALUE = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": record,
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0)), text)
    return path


def lock_of(wheels: Sequence[Path]) -> str:
    """The requirements that name them, with their hashes."""
    lines = []
    for path in wheels:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        lines.append(f"{path.name.partition('-')[0]}==1.0 \\\n    --hash=sha256:{digest}\n")
    return "".join(lines)


def make_tree(
    folder: Path, files: Mapping[str, bytes] = FILES, links: Mapping[str, str] = LINKS
) -> UnpackedTree:
    """A tree as the cache has them."""
    entries: dict[str, Entry] = dict(links)
    for path, content in files.items():
        entries[path] = (len(content), sha256(content).hexdigest())
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        (folder / path).chmod(0o755 if "/bin/" in path else 0o644)
    for path, target in links.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(target)
    record_for(entries).write(folder)
    return UnpackedTree(folder, "forky", {"app": "1.0"}, "")


def record_for(entries: Mapping[str, Entry], recipe: TreeRecipe = RECIPE) -> TreeRecord:
    return TreeRecord(
        recipe.fingerprint, "testing", "forky", architecture(), {"app": "1.0"}, "", entries
    )


def engine_of(writer: BundleWriter, tree: UnpackedTree) -> BundledArtifact:
    return add_engine(writer, record_of(tree), packed(tree), own_platform())


def packages_of(
    writer: BundleWriter, wheels: Sequence[Path], target: WheelTarget | None = None
) -> BundledArtifact:
    lock = sha256(lock_of(wheels).encode()).hexdigest()
    return add_packages(writer, wheels, target or WheelTarget.here(), lock)


def make_stick(
    path: Path, *artifacts: Callable[[BundleWriter], BundledArtifact], image: str = "app:1"
) -> BundleFile:
    """A bundle of one image and of these."""
    with BundleWriter(path) as writer:
        image_in = add(writer, image, str(Platform.here()))
        writer.finish([image_in], [make(writer) for make in artifacts])
    return BundleFile(path)


def small_stick(folder: Path, name: str = "stick.tar") -> BundleFile:
    """One with an engine, and the packages tinyone and tinytwo for this Python."""
    folder.mkdir(parents=True, exist_ok=True)
    wheels = [make_wheel(folder, "tinyone"), make_wheel(folder, "tinytwo")]
    tree = make_tree(folder / "tree")
    return make_stick(
        folder / name,
        lambda writer: engine_of(writer, tree),
        lambda writer: packages_of(writer, wheels),
    )
