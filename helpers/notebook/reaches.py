"""`reaches(a, b, port)`: whether one container reaches another, by trying it from inside."""

from __future__ import annotations

from helpers.engine.container.container import Container
from helpers.engine.network.reach import Reach
from helpers.model.network.attempt import Attempt
from helpers.notebook.session import current_attempts, current_engine


def reaches(a: Container | str, b: Container | str, port: int = 80) -> Attempt:
    """What came of asking `b` at that port from inside of `a`; it is true where it was answered.

    `b` is a name as its network knows it, an alias, or an address; nothing but what the resolver
    and the kernel say there decides. An answer is waited for 3 seconds. `network_map()` draws it.

    Raises InvalidInput, NoSuchContainer for `a`, EngineError where `a` does not run, EngineGone.
    """
    engine = current_engine()
    source = a if isinstance(a, str) else a.id
    target = b if isinstance(b, str) else b.name
    attempt = Reach(engine.client, engine.lesson).attempt(source, target, port)
    engine.commands.add(attempt.line)
    return current_attempts().add(attempt)
