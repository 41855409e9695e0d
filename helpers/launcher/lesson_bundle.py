"""The images of the lessons packed into a bundle, and brought from one to an engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.save import save_bundle
from helpers.engine.image.platform import engine_platform
from helpers.engine.supply import ImageSupply
from helpers.engine.supply.load_bundle import load_bundle
from helpers.engine.supply.own_image import ensure_own
from helpers.engine.supply.plain_stand_in import plain_stand_ins
from helpers.errors import ImageUnavailable, NotShareable
from helpers.launcher.all_in import AllIn
from helpers.launcher.engine_for import Choice
from helpers.launcher.screen import console, image_bars
from helpers.launcher.supply_images import image_names, open_chosen, supply_all
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.image.platform import Platform
from helpers.model.supply.catalogue import is_own
from helpers.model.supply.supply import Source, Supplied
from helpers.model.text.units import format_bytes, format_seconds

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.engine.supply.image_supply import OnProgress


def save_lessons(
    choice: Choice,
    lessons: Sequence[str],
    path: Path,
    platforms: Sequence[Platform] = (),
    all_in: AllIn | None = None,
) -> None:
    """The bundle in that file, of the images that these lessons need, and what to do with it.

    They are supplied first; no platform means the engine's own. `all_in` goes in with them.
    """
    started = time.monotonic()
    artifacts = all_in.packed(path) if all_in else []
    with image_bars() as bars:
        supply_all(choice, [name for name in image_names(lessons) if not is_own(name)], bars)
    client, left_out = open_chosen(choice), list[NotShareable]()
    try:
        with image_bars() as bars:
            names = _packable(client, image_names(lessons), platforms, bars)
            plain = plain_stand_ins(client, names, bars)
            bundle = save_bundle(
                client,
                names,
                path,
                bars,
                platforms,
                plain=plain,
                on_left_out=left_out.append,
                artifacts=artifacts,
            )
    finally:
        client.close()
    for name in image_names(lessons):
        if name not in names:
            console().print(f"Without {name}, which could not be made anew.", markup=False)
    for error in left_out:
        console().print(f"Left out: {error.message} {error.next_step}", markup=False)
    if all_in:
        all_in.forget()
    _tell(path, bundle, format_seconds(time.monotonic() - started))


def _tell(path: Path, bundle: BundleFile, took: str) -> None:
    """What was packed, and what to do with it."""
    terminal, digest = console(), bundle.digest
    count, size = len(bundle.images), format_bytes(bundle.size_bytes)
    terminal.print(f"{path}: {count} images, {size}, in {took}.", markup=False)
    terminal.print(f"Its SHA-256: {digest}", markup=False)
    load = f"./workbook bundle load {path.name}"
    if bundle.artifacts:
        load = f"./workbook lab --from {path.name}"
    terminal.print(f"→ Elsewhere: `{load} --sha256 {digest.words}`", markup=False)
    terminal.print(f"→ For a room: `./workbook serve {path.name}`", markup=False)


def _packable(
    client: DockerClient,
    names: Sequence[str],
    platforms: Sequence[Platform],
    on_progress: OnProgress,
) -> list[str]:
    """These images, without those of the workbook's own that cannot be made: nobody else would take
    one of an earlier version.
    """
    own = engine_platform(client)
    is_for_own = not platforms or any(platform.matches(own) for platform in platforms)
    supply, packable = ImageSupply(client), list(names)
    for name in filter(is_own, names) if is_for_own else ():
        try:
            ensure_own(client, name, lambda name: supply.ensure(name, on_progress))
        except ImageUnavailable:
            packable.remove(name)
    return packable


def load_lessons(choice: Choice, path: Path, digest: IndexDigest | None = None) -> None:
    """The bundle's images on the engine, and a line on each."""
    client = open_chosen(choice)
    try:
        with image_bars() as bars:
            images = load_bundle(client, path, bars, digest)
    finally:
        client.close()
    for supplied in images:
        console().print(f"  {_words(supplied)}", markup=False)
    loaded = sum(supplied.source is Source.BUNDLE for supplied in images)
    console().print(f"{loaded} of {len(images)} images loaded from {path}.", markup=False)


def _words(supplied: Supplied) -> str:
    if supplied.source is Source.BUNDLE:
        return f"{supplied.name}: loaded, {format_bytes(supplied.size_bytes)}, {supplied.note}"
    return f"{supplied.name}: {supplied.note or 'was here already'}"
