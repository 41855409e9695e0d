"""`./workbook doctor`: can lessons run on this machine, and if not, what to do."""

from __future__ import annotations

import argparse

from helpers.doctor.check import is_ready, to_json
from helpers.doctor.diagnosis import diagnose
from helpers.doctor.doctor_screen import show
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.signals import signals_as_interrupts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.add_argument(
        "--refresh", action="store_true", help="try again what the engine can do, kept or not"
    )


def main(arguments: argparse.Namespace) -> int:
    """0 when lessons can run here, else 1; warnings count as able."""
    with signals_as_interrupts(), ProgressLine("Looking at this machine and its engine"):
        checks, features = diagnose(arguments.refresh)
    if arguments.json:
        print(to_json(checks, features=features.to_data()))
    else:
        show(checks, features)
    return 0 if is_ready(checks) else 1
