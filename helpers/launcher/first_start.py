"""The first start on a machine: the environment, and beside it the engine's packages."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.launcher.engine_packages import PackagesAhead
from helpers.launcher.environment import Environment


def first_start(environment: Environment, arguments: Sequence[str]) -> list[str]:
    """The arguments to go on with, once the environment is there. Raises SetupFailed.

    Who was asked for packages and refused is not asked again.
    """
    ahead = PackagesAhead(arguments)
    try:
        environment.ensure()
    finally:
        ahead.wait()
    return [*arguments, "--no-install"] if ahead.refused else list(arguments)
