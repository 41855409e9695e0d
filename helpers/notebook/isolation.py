"""`isolation(a, b)`: two containers' walls side by side, live."""

from __future__ import annotations

from helpers.engine.container.container import Container, client_of
from helpers.engine.isolation.feed import IsolationFeed
from helpers.engine.isolation.reader import WallReader
from helpers.engine.isolation.trials import Trials
from helpers.model.isolation.trial import Trial
from helpers.model.isolation.walls import SideBySide
from helpers.notebook.session import current_engine, the_container
from helpers.views.isolation.isolation import IsolationView


def isolation(a: Container | str, b: Container | str) -> IsolationView:
    """What parts two containers of one engine from each other and from their host.

    Namespaces, capabilities, seccomp, no-new-privileges, user map and mounts, as the kernel has
    them of the first process of each. A lamp that is chosen is tried in the container, by an act
    that harms nothing; `.tried("CHOWN")` does so without a page.

    Raises NoSuchContainer, InvalidInput before `connect()`, and EngineGone without an engine.
    """
    both = (the_container(a), the_container(b))
    reader = WallReader(client_of(both[0]), current_engine().lesson)
    feed, trials = IsolationFeed(reader, *both), Trials(reader)

    def try_one(cap: str, side: int, now: SideBySide) -> Trial:
        return trials.trial(both[side].id, cap, now, side)

    return IsolationView(feed.newest, feed, try_one)
