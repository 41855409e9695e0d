"""`./workbook COMMAND …`: which module does it, and what an error looks like.

Standard library only up to the moment that a command is chosen.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TypeVar

from helpers.errors import WorkbookError
from helpers.launcher.plain_signs import with_plain_signs

COMMANDS = {
    "lab": "open the lessons in JupyterLab",
    "doctor": "check whether lessons can run on this machine",
    "run": "run one lesson, or all, from top to bottom without a browser",
    "images": "show the images that lessons need, or fetch them ahead",
    "bundle": "pack the images of the lessons into a file, or load them from one",
    "serve": "offer the images of the lessons to a room over the local network",
    "cache": "keep a copy on this machine of what is pulled from Docker Hub",
    "clean": "remove what the lessons made",
    "test": "run every test (for those who work on the workbook)",
    "render": "make the notebooks again from their sources (likewise)",
}
_INTERRUPTED = 130
_Result = TypeVar("_Result")


def main(arguments: Sequence[str]) -> int:
    """The exit status of the command that the arguments name."""
    with_plain_signs(sys.stdout)
    parser = _parser(command=arguments[0] if arguments else "")
    if not arguments:
        parser.print_help()
        return 0
    chosen = parser.parse_args(arguments)
    return guarded(lambda: int(_module(chosen.command).main(chosen)))


def guarded(action: Callable[[], _Result]) -> _Result | int:
    """What the action returns; after an error that is understood, an exit status, and in words
    what went wrong.
    """
    try:
        return action()
    except KeyboardInterrupt:
        print("\nworkbook: stopped.", file=sys.stderr)
        return _INTERRUPTED
    except WorkbookError as error:
        print(f"workbook: {error.message}", file=sys.stderr)
        if error.next_step:
            print(f"→ {error.next_step}", file=sys.stderr)
        return 1


def _parser(command: str) -> argparse.ArgumentParser:
    """All commands by name; only the chosen one's module is imported, for its options."""
    parser = argparse.ArgumentParser(
        prog="workbook",
        description="Docker Workbook: learn Docker by doing. Most people need only: ./workbook lab",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        description = f"{summary[0].upper()}{summary[1:]}."
        subparser = commands.add_parser(name, help=summary, description=description)
        if name == command:
            _module(name).add_arguments(subparser)
    return parser


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"helpers.commands.{command}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
