"""The options that every command with an engine takes, and what they come to."""

from __future__ import annotations

import argparse
import os


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """--no-install and --allow-stand-ins."""
    parser.add_argument("--no-install", action="store_true", help="install no system packages")
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
