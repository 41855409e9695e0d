"""The first start on a machine: the environment, and beside it the engine's programs."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.launcher.environment import Environment
from helpers.launcher.own_engine import EngineAhead


def first_start(environment: Environment, arguments: Sequence[str]) -> None:
    """The environment is there, and what could be fetched beside it. Raises SetupFailed."""
    ahead = EngineAhead(arguments)
    try:
        environment.ensure()
    except BaseException:
        ahead.give_up()
        raise
    ahead.wait()
