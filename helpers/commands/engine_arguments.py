"""The options that every command with an engine takes, and what they come to."""

from __future__ import annotations

import argparse
import os

from helpers.engine.private import STORES


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """--engine, --no-install and --allow-stand-ins."""
    parser.add_argument(
        "--engine",
        choices=STORES,
        help="the workbook's own engine, whatever else runs here, with that image store: "
        "containerd's, as new installations of Docker have it (its default), or the classic one",
    )
    parser.add_argument(
        "--no-install", action="store_true", help="fetch no engine, and no browser for the tests"
    )
    parser.add_argument(
        "--allow-stand-ins",
        action="store_true",
        help="where no registry is reached, let images made on the spot, here or by whoever made "
        "a bundle, take the official names (see README, Which engine it uses)",
    )


def allow_stand_ins(arguments: argparse.Namespace) -> None:
    """Notes for all that follows that stand-ins are allowed, where that was asked for."""
    if arguments.allow_stand_ins:
        os.environ["WORKBOOK_ALLOW_STAND_INS"] = "1"
