"""Which public registries answer this machine: asked all at once, and once for the process."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.reachability import CONNECT_SECONDS, Reachability, reachability

_lock = threading.Lock()


def reached_once(
    registries: Iterable[str], seconds: float = CONNECT_SECONDS
) -> dict[str, Reachability]:
    """{registry: whether it answers}; all together take no longer than those seconds.

    One that did not answer is not asked again: whoever has a bad network has waited once.
    """
    wanted = list(dict.fromkeys(registries))
    with _lock:
        if new := [name for name in wanted if name not in _known()]:
            with ThreadPoolExecutor(len(new), thread_name_prefix="workbook-reach") as workers:
                answers = workers.map(lambda name: reachability(_url(name), seconds), new)
                _known().update(zip(new, answers, strict=True))
        return {name: _known()[name] for name in wanted}


def note_silence(registry: str, observed: str) -> None:
    """Remembers for the process that a registry did not answer the engine, which asked it."""
    with _lock:
        _known()[registry] = Reachability(False, observed, 0.0)


@functools.cache
def _known() -> dict[str, Reachability]:
    return {}


def _url(registry: str) -> str:
    return RegistryHttp(registry).base
