"""`lifecycle(container)`: the states of a container, moving as it moves."""

from __future__ import annotations

from helpers.engine.container import Container
from helpers.engine.event_feed import EventFeed
from helpers.model.lifecycle import Life
from helpers.views.lifecycle import LifecycleView


def lifecycle(container: Container) -> LifecycleView:
    """The container's life so far as a diagram that follows it; also of one that was removed.

    Raises EngineGone without an engine.
    """
    feed = EventFeed(container)
    return LifecycleView(Life.told(container.name, *feed.so_far()), feed)
