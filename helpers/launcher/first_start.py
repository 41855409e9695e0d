"""The first start on a machine: the environment, and beside it the engine's programs."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.launcher.environment import Environment
from helpers.launcher.own_engine import EngineAhead
from helpers.launcher.start_from import start_in


def first_start(environment: Environment, arguments: Sequence[str]) -> None:
    """The environment is there, and what could be fetched beside it.

    Both come from the bundle that the command names, as far as it has them. Raises SetupFailed,
    and what `StartFrom.parse` and `Stick.wheels` raise.
    """
    start = start_in(arguments)
    stick = start.stick if start else None
    if start:
        start.use()
    write_wheels = stick.wheels(environment.requirements) if stick else None
    ahead = EngineAhead(arguments, stick)
    try:
        environment.ensure(write_wheels)
    except BaseException:
        ahead.give_up()
        raise
    ahead.wait()
