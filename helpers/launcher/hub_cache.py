"""The pull-through cache of `./workbook cache`: started, stopped and shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.container.launcher import Launcher
from helpers.engine.registry.cache import FAR_CACHE_NAME, cache, is_docker_hub
from helpers.engine.registry.container import remove_registry, running_registry
from helpers.engine.registry.registry import Registry
from helpers.engine.supply import ImageSupply
from helpers.engine.supply.cache_note import NotedCache, note_cache
from helpers.errors import EngineError
from helpers.launcher.engine_for import Choice
from helpers.launcher.screen import console, image_bars
from helpers.launcher.supply_images import open_chosen
from helpers.model.text.units import format_bytes


@contextmanager
def cache_launcher(choice: Choice) -> Iterator[Launcher]:
    """What starts a cache on that engine, its image supplied with a bar."""
    client = open_chosen(choice)
    try:
        with image_bars() as bars:
            supply = ImageSupply(client)
            context = EngineContext(client, choice.endpoint)
            yield Launcher(context, lambda name: supply.ensure(name, bars))
    finally:
        client.close()


def start_cache(launcher: Launcher, of: str, port: int) -> None:
    """A cache of that registry, running; the workbook asks it first where that is Docker Hub."""
    registry, is_of_hub = cache(launcher, of, port), is_docker_hub(of)
    # Only for Docker Hub's: another registry may have other images under the same names.
    note_cache(_note_of(registry) if is_of_hub else None)
    console().print(f"A cache of {of} listens at {registry.address}.", markup=False)
    if not is_of_hub:
        line = f"docker pull {registry.address}/NAME"
        console().print(f"→ Write its address in place of {of}: `{line}`.", markup=False)
        return
    console().print("The workbook asks it first from now on, until `./workbook cache stop`.")
    console().print(
        "→ For every pull of another engine on this machine, its daemon.json takes: "
        f'{{"registry-mirrors": ["http://{registry.address}"]}}',
        markup=False,
    )


def stop_cache(context: EngineContext) -> None:
    """No cache, and nothing of what it kept."""
    kept = _kept(context)
    was_there = remove_registry(context, FAR_CACHE_NAME)
    note_cache(None)  # last: one that could not be removed is still asked
    gone = f"The cache is gone, and {kept} that it kept."
    console().print(gone if was_there else "There was no cache.", markup=False)


def _note_of(registry: Registry) -> NotedCache | None:
    port = registry.address.rpartition(":")[2]
    return NotedCache(registry.container.id, int(port)) if registry.container else None


def _kept(context: EngineContext) -> str:
    """What the cache keeps, in words; only one that runs can count it."""
    try:
        registry = running_registry(context, FAR_CACHE_NAME)
        return f"the {format_bytes(registry.stored_bytes())}" if registry else "all"
    except (EngineError, ValueError):  # it ended meanwhile, which is no reason to keep it
        return "all"


def show_cache(context: EngineContext) -> None:
    """What the cache keeps, a line for each repository."""
    registry = running_registry(context, FAR_CACHE_NAME)
    if registry is None:
        console().print("There is no cache. `./workbook cache start` makes one.", markup=False)
        return
    kept = format_bytes(registry.stored_bytes())
    console().print(f"A cache listens at {registry.address} and keeps {kept}:", markup=False)
    for name in registry.repositories():
        console().print(f"  {name}: {', '.join(registry.tags(name))}", markup=False)
