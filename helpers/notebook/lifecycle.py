"""`lifecycle(container)`: the states of a container, moving as it moves."""

from __future__ import annotations

from helpers.engine.container.container import Container
from helpers.engine.container.event_feed import EventFeed
from helpers.model.container.lifecycle import Life
from helpers.notebook.session import the_container
from helpers.views.container.lifecycle import LifecycleView


def lifecycle(container: Container | str) -> LifecycleView:
    """The container's life so far as a diagram that follows it; also of one that was removed.

    A name is as good as the container.

    Raises EngineGone without an engine.
    """
    container = the_container(container)
    feed = EventFeed(container)
    return LifecycleView(Life.from_events(container.name, *feed.so_far()), feed)
