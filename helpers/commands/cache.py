"""`./workbook cache start|stop|show`: a pull-through cache of Docker Hub on this engine."""

from __future__ import annotations

import argparse

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.registry.cache import FAR_CACHE_PORT
from helpers.launcher.engine_for import choose_engine, held
from helpers.launcher.hub_cache import cache_launcher, show_cache, start_cache, stop_cache
from helpers.launcher.signals import signals_as_interrupts


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
    choice = choose_engine(
        arguments.action == "start" and not arguments.no_install, arguments.engine
    )
    with signals_as_interrupts(), held(choice), cache_launcher(choice) as launcher:
        if arguments.action == "start":
            start_cache(launcher, arguments.of, arguments.port)
        elif arguments.action == "stop":
            stop_cache(launcher.context)
        else:
            show_cache(launcher.context)
    return 0
