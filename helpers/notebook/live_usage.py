"""`live_usage(containers)`: what they use, as it moves."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.engine.container.container import Container, client_of
from helpers.engine.docker import Docker
from helpers.engine.usage import UsageFeed
from helpers.errors import InvalidInput
from helpers.notebook.interrupts import on_interrupt
from helpers.notebook.session import the_container
from helpers.views.usage.live_usage import UsageView

INTERRUPTED = "the kernel was interrupted"


def live_usage(
    containers: Container | str | Iterable[Container | str] | Docker,
    seconds: float | None = None,
    every: float = 0.5,
) -> UsageView:
    """The usage of one to about fifty containers, or of all that run on an engine.

    It is measured about every so many seconds, on a thread, so it moves while other cells run. It
    ends when its output is gone, when the kernel is interrupted, or after `seconds`. Raises
    InvalidInput for a pace that cannot be kept, NoSuchContainer, and EngineGone without an engine.
    """
    if isinstance(containers, Docker):
        view = UsageView(UsageFeed(containers.client, None, every), {}, seconds)
    else:
        wanted = [containers] if isinstance(containers, (Container, str)) else containers
        chosen = [the_container(each) for each in wanted]
        if not chosen:
            raise InvalidInput("There is no container to watch.", "Run one, and name it here.")
        known = {container.id: container.name for container in chosen}
        view = UsageView(UsageFeed(client_of(chosen[0]), list(known), every), known, seconds)
    on_interrupt(view, lambda ended: ended.stop(INTERRUPTED))
    return view
