"""`./workbook cache start|stop|show`: a pull-through cache of Docker Hub on this engine."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.connection.endpoint import Endpoint
from helpers.engine.docker import Docker
from helpers.engine.registry.cache import FAR_CACHE_NAME, FAR_CACHE_PORT, is_docker_hub
from helpers.engine.registry.container import remove_registry, running_registry
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
    with signals_as_interrupts(), held(choice), _docker(choice) as docker:
        if arguments.action == "start":
            _start(docker, arguments.of, arguments.port)
        elif arguments.action == "stop":
            _stop(docker)
        else:
            _show(docker)
    return 0


@contextmanager
def _docker(choice: Choice) -> Iterator[Docker]:
    client = open_chosen(choice)
    try:
        with image_bars() as bars:
            yield Docker(client, Endpoint(choice.host, choice.found_by), on_supply=bars)
    finally:
        client.close()


def _start(docker: Docker, of: str, port: int) -> None:
    cache, is_of_hub = docker.registry(port, cache_of=of), is_docker_hub(of)
    # Only for Docker Hub's: another registry may have other images under the same names.
    note_cache(cache.address if is_of_hub else "")
    console().print(f"A cache of {of} listens at {cache.address}.", markup=False)
    if not is_of_hub:
        line = f"docker pull {cache.address}/NAME"
        console().print(f"→ Write its address in place of {of}: `{line}`.", markup=False)
        return
    console().print("The workbook asks it first from now on, until `./workbook cache stop`.")
    console().print(
        "→ For every pull of another engine on this machine, its daemon.json takes: "
        f'{{"registry-mirrors": ["http://{cache.address}"]}}',
        markup=False,
    )


def _stop(docker: Docker) -> None:
    kept = _kept(docker)
    was_there = remove_registry(docker, FAR_CACHE_NAME)
    note_cache("")  # last: one that could not be removed is still asked
    said = f"The cache is gone, and {kept} that it kept." if was_there else "There was no cache."
    console().print(said, markup=False)


def _kept(docker: Docker) -> str:
    """What the cache keeps, in words; only one that runs can count it."""
    try:
        cache = running_registry(docker, FAR_CACHE_NAME)
        return f"the {format_bytes(cache.stored_bytes())}" if cache else "all"
    except (EngineError, ValueError):  # it ended meanwhile, which is no reason to keep it
        return "all"


def _show(docker: Docker) -> None:
    cache = running_registry(docker, FAR_CACHE_NAME)
    if cache is None:
        console().print("There is no cache. `./workbook cache start` makes one.", markup=False)
        return
    kept = format_bytes(cache.stored_bytes())
    console().print(f"A cache listens at {cache.address} and keeps {kept}:", markup=False)
    for name in cache.repositories():
        console().print(f"  {name}: {', '.join(cache.tags(name))}", markup=False)
