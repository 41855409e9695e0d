"""`./workbook clean`: puts the engine back as it was before the lessons."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from typing import Any

from helpers.engine.base.folders import cache_dir
from helpers.engine.cleanup.cleanup import clean_up_all, remove_supplied
from helpers.engine.connection.client import find_client
from helpers.engine.private import PrivateEngine
from helpers.errors import EngineUnavailable
from helpers.launcher.engine_for import choose_engine, held
from helpers.launcher.screen import console


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `clean`."""
    parser.add_argument(
        "--all",
        action="store_true",
        help="also the images that the workbook brought, its own engine, and its cache; "
        "your progress is kept",
    )


def main(args: argparse.Namespace) -> int:
    """0, once what was removed has been said."""
    try:
        choice = choose_engine(install=False)
    except EngineUnavailable:
        console().print("No engine answers, so nothing of the lessons is on one.")
    else:
        with held(choice):
            _clean_engine(everything=args.all and not choice.is_private)
    if args.all:
        _remove_own_engine()
        _remove_cache()
    return 0


def _clean_engine(everything: bool) -> None:
    client, endpoint = find_client()
    try:
        _say(f"Lessons, on {endpoint.host}", clean_up_all(client))
        if everything:
            _say("Images that the workbook brought", remove_supplied(client))
    finally:
        client.close()


def _remove_own_engine() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    engine = PrivateEngine()
    there = engine.data_root.exists()
    engine.remove()
    _say("The workbook's own engine", "removed" if there else "was not there")


def _remove_cache() -> None:
    folder = cache_dir()
    there = folder.is_dir() and any(folder.iterdir())
    shutil.rmtree(folder, ignore_errors=True)
    _say(f"The cache in {folder}", "removed" if there else "was not there")


def _say(what: str, result: Any) -> None:
    console().print(f"{what}: {result}", markup=False, highlight=False)
