"""The engine that a command works with: one that is there, else the workbook's private one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.candidates import candidates
from helpers.engine.connection.client import open_client
from helpers.engine.connection.rules import chosen_endpoint
from helpers.engine.private import PrivateEngine
from helpers.errors import EngineNotFound, EngineUnavailable
from helpers.launcher.engine_packages import (
    absent_packages,
    install_packages,
    why_no_own_engine,
    why_not_install,
)
from helpers.launcher.progress_line import ProgressLine

_PRIVATE = "the workbook's private engine"
_HOW_TO_GET_ONE = (
    "Install and start Docker (docs.docker.com/get-started/get-docker), then run it again; "
    "on Debian or Ubuntu as root the workbook brings an engine of its own."
)


@dataclass(frozen=True)
class Choice:
    """Which engine a command will use; `missing` are packages to install before it can start."""

    endpoint: Endpoint
    is_private: bool = False
    missing: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The address of the engine."""
        return self.endpoint.host

    @property
    def origin(self) -> str:
        """What pointed to the engine."""
        return self.endpoint.origin

    def sentence(self) -> str:
        """What a command says about it."""
        return f"Engine: {self.host}, {'' if self.is_private else 'from '}{self.origin}."

    def environment(self) -> dict[str, str]:
        """What makes the SDK and the `docker` command of a child process use it."""
        return self.endpoint.environment()


def choose_engine(install: bool = True) -> Choice:
    """The engine that a rule of the docker command names, and no other; where none does, the first
    that answers, else the private one where it can be had.

    Installs nothing yet, but asks on a terminal whether it may. Raises EngineUnavailable.
    """
    private = PrivateEngine()
    chosen = chosen_endpoint()
    if chosen and chosen.host != private.host:
        return _answering(chosen)
    problems: list[EngineUnavailable] = []
    for endpoint in () if chosen else candidates():
        if endpoint.host == private.host:
            continue
        try:
            return _answering(endpoint)
        except EngineUnavailable as problem:
            problems.append(problem)
    exact = [problem for problem in problems if not isinstance(problem, EngineNotFound)]
    return _private_choice(private, install, (exact or problems)[:1])


@contextmanager
def held(choice: Choice) -> Iterator[Choice]:
    """The chosen engine, running as long as the block, and named by DOCKER_HOST in it."""
    before = dict(os.environ)
    with ExitStack() as stack:
        if choice.is_private:
            install_packages(choice.missing)
            with ProgressLine("Starting the workbook's private engine"):
                stack.enter_context(PrivateEngine().lease())
        os.environ.update(choice.environment())
        try:
            yield choice
        finally:
            for name in choice.environment():
                os.environ.pop(name, None)
                if name in before:
                    os.environ[name] = before[name]


@contextmanager
def engine_for(install: bool = True) -> Iterator[Choice]:
    """An engine, found or started, as long as the block runs."""
    with held(choose_engine(install)) as choice:
        yield choice


def _answering(endpoint: Endpoint) -> Choice:
    open_client(endpoint).close()
    return Choice(endpoint)


def _private_choice(
    private: PrivateEngine, install: bool, problems: Sequence[EngineUnavailable]
) -> Choice:
    reason = why_no_own_engine()
    missing = [] if reason else absent_packages()
    if missing:
        reason = why_not_install(missing, install)
    if reason:
        answer = problems[0].message if problems else "No Docker engine answers on this machine."
        kind = type(problems[0]) if problems else EngineNotFound
        step = problems[0].next_step if problems and kind is not EngineNotFound else ""
        raise kind(f"{answer} {reason}", step or _HOW_TO_GET_ONE)
    return Choice(Endpoint(private.host, _PRIVATE), True, tuple(missing))
