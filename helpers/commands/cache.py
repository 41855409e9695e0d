"""`./workbook cache start|stop|show`: a pull-through cache of Docker Hub on this engine."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.container.launcher import Launcher
from helpers.engine.registry.cache import FAR_CACHE_NAME, FAR_CACHE_PORT, cache, is_docker_hub
from helpers.engine.registry.container import remove_registry, running_registry
from helpers.engine.supply import ImageSupply
from helpers.engine.supply.cache_note import note_cache
from helpers.errors import EngineError
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.screen import console, image_bars
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import open_chosen
from helpers.model.text.units import format_bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `cache`."""
    parser.epilog = (
        "Your own `docker pull` uses it only if the engine names it as a mirror: `start` says how."
    )
    parser.add_argument(
        "action",
        choices=("start", "stop", "show"),
        help="start: run it, and the workbook asks it first where it is one of Docker Hub; "
        "stop: remove it with all it kept; show: what it keeps",
    )
    parser.add_argument(
        "--of", default="docker.io", metavar="REGISTRY", help="(default: docker.io, Docker Hub)"
    )
    parser.add_argument(
        "--port", type=int, default=FAR_CACHE_PORT, help=f"(default: {FAR_CACHE_PORT})"
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when it was done."""
    allow_stand_ins(arguments)
    choice = choose_engine(install=arguments.action == "start" and not arguments.no_install)
    with signals_as_interrupts(), held(choice), _launcher(choice) as launcher:
        if arguments.action == "start":
            _start(launcher, arguments.of, arguments.port)
        elif arguments.action == "stop":
            _stop(launcher.context)
        else:
            _show(launcher.context)
    return 0


@contextmanager
def _launcher(choice: Choice) -> Iterator[Launcher]:
    client = open_chosen(choice)
    try:
        with image_bars() as bars:
            supply = ImageSupply(client)
            context = EngineContext(client, Endpoint(choice.host, choice.found_by))
            yield Launcher(context, lambda name: supply.ensure(name, bars))
    finally:
        client.close()


def _start(launcher: Launcher, of: str, port: int) -> None:
    registry, is_of_hub = cache(launcher, of, port), is_docker_hub(of)
    # Only for Docker Hub's: another registry may have other images under the same names.
    note_cache(registry.address if is_of_hub else "")
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


def _stop(context: EngineContext) -> None:
    kept = _kept(context)
    was_there = remove_registry(context, FAR_CACHE_NAME)
    note_cache("")  # last: one that could not be removed is still asked
    said = f"The cache is gone, and {kept} that it kept." if was_there else "There was no cache."
    console().print(said, markup=False)


def _kept(context: EngineContext) -> str:
    """What the cache keeps, in words; only one that runs can count it."""
    try:
        registry = running_registry(context, FAR_CACHE_NAME)
        return f"the {format_bytes(registry.stored_bytes())}" if registry else "all"
    except (EngineError, ValueError):  # it ended meanwhile, which is no reason to keep it
        return "all"


def _show(context: EngineContext) -> None:
    registry = running_registry(context, FAR_CACHE_NAME)
    if registry is None:
        console().print("There is no cache. `./workbook cache start` makes one.", markup=False)
        return
    kept = format_bytes(registry.stored_bytes())
    console().print(f"A cache listens at {registry.address} and keeps {kept}:", markup=False)
    for name in registry.repositories():
        console().print(f"  {name}: {', '.join(registry.tags(name))}", markup=False)
