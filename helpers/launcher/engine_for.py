"""The engine that a command works with: one that is there, else the workbook's private one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.candidates import candidates
from helpers.engine.connection.client import open_client
from helpers.engine.connection.rules import chosen_endpoint
from helpers.engine.private import STORES, EngineRelease, PrivateEngine, Store
from helpers.engine.private.client_command import client_environment, prepare_client
from helpers.errors import EngineNotFound, EngineUnavailable, SetupFailed
from helpers.launcher.own_engine import fetch_engine, why_no_own_engine
from helpers.launcher.progress_line import ProgressLine

_PRIVATE = "the workbook's private engine"
_HOW_TO_GET_ONE = (
    "Install and start Docker (docs.docker.com/get-started/get-docker), then run it again; "
    "on Linux as root the workbook brings an engine of its own."
)


@dataclass(frozen=True)
class Choice:
    """Which engine a command will use; `private` where it is one of the workbook's own."""

    endpoint: Endpoint
    private: PrivateEngine | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is one of the workbook's own."""
        return self.private is not None

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
        if self.private is None:
            return f"Engine: {self.host}, from {self.origin}."
        return f"Engine: {self.host}, {self.origin}: {self.private.sentence()}"

    def environment(self) -> dict[str, str]:
        """What makes the SDK and the `docker` command of a child process use it."""
        own_client = client_environment() if self.private else {}
        return {**self.endpoint.environment(), **own_client}


def choose_engine(install: bool = True, store: Store | None = None) -> Choice:
    """The engine that a rule of the docker command names, and no other; where none does, the first
    that answers, else the private one where it can be had.

    Whoever names an image store means the private one. Fetches nothing yet; with `install` False
    the private one counts only if it needs nothing fetched. Raises EngineUnavailable.
    """
    running = PrivateEngine().running_store()
    private = PrivateEngine(release=EngineRelease(store=store or running or STORES[0]))
    if store:
        return _private_choice(private, install, [])
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
    with ExitStack() as stack:
        if choice.private:
            stack.enter_context(private_engine(choice.private))
        stack.enter_context(variables(choice.environment()))
        yield choice


@contextmanager
def private_engine(engine: PrivateEngine) -> Iterator[None]:
    """That engine, fetched and started if need be, with its client, as long as the block runs."""
    fetch_engine(engine.release)
    prepare_client(engine.release.tree())
    with ExitStack() as stack:
        with ProgressLine(f"Starting {_PRIVATE}"):
            stack.enter_context(engine.lease())
        yield


@contextmanager
def engine_for(install: bool = True, store: Store | None = None) -> Iterator[Choice]:
    """An engine, found or started, as long as the block runs."""
    with held(choose_engine(install, store)) as choice:
        yield choice


@contextmanager
def variables(values: Mapping[str, str]) -> Iterator[None]:
    """These variables are set in the block, and as they were after it."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _answering(endpoint: Endpoint) -> Choice:
    open_client(endpoint).close()
    return Choice(endpoint)


def _private_choice(
    private: PrivateEngine, install: bool, problems: Sequence[EngineUnavailable]
) -> Choice:
    reason = why_no_own_engine() or _why_not_fetched(private, install)
    if reason:
        answer = problems[0].message if problems else "No Docker engine answers on this machine."
        kind = type(problems[0]) if problems else EngineNotFound
        step = problems[0].next_step if problems and kind is not EngineNotFound else ""
        raise kind(f"{answer} {reason.message}", step or reason.next_step or _HOW_TO_GET_ONE)
    return Choice(Endpoint(private.host, _PRIVATE), private)


def _why_not_fetched(private: PrivateEngine, install: bool) -> SetupFailed | None:
    """Why its programs may not be fetched; None when they may, or are here."""
    if install or private.release.kept():
        return None
    return SetupFailed(
        "The workbook's own engine would have to be fetched, which this command does not.",
        "Run `./workbook lab`, which fetches and starts it, or start an engine of your own.",
    )
