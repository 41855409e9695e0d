"""`rollout(service, load)`: a service on the nodes of a swarm, and its requests, live."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from helpers.engine.base.text_frame import text_frame
from helpers.engine.swarm.feed import RolloutFeed
from helpers.engine.swarm.manager import NoManager
from helpers.engine.swarm.reader import Candidate
from helpers.errors import InvalidInput
from helpers.model.swarm.trouble import WORKERS_ONLY
from helpers.notebook.load import NotebookLoad
from helpers.notebook.session import current_engine
from helpers.views.swarm import words
from helpers.views.swarm.rollout_view import RolloutView
from helpers.views.swarm.shelves import shelves_of

if TYPE_CHECKING:
    import pandas
    from docker import DockerClient

    from helpers.engine.node.node import Node

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


class NotebookRollout(RolloutView):
    """A service on its nodes, as a cell shows it."""

    def table(self) -> pandas.DataFrame:
        """One row for each tile: where it stands, its version and its state, `docker`'s words."""
        import pandas

        rows = [
            {
                "node": shelf.name,
                "task": words.task_name(self.now, seen),
                "version": seen.version.name,
                "state": seen.task.state,
                "desired": seen.task.desired,
                "image": seen.task.image,
                "error": seen.task.error,
            }
            for shelf in shelves_of(self.now)
            for seen in shelf.tasks
        ]
        columns = ("node", "task", "version", "state", "desired", "image", "error")
        return text_frame(pandas.DataFrame(rows, columns=list(columns)))


def rollout(service: str, load: NotebookLoad | None = None) -> NotebookRollout:
    """The service's tasks as tiles on its nodes, and below them each request of the load.

    A tile has the version of its task, which is VERSION in its environment, else its image's tag,
    and its state; what is shutting down, or has failed lately, stands beside what takes its
    place. It is read twice a second from a manager of the swarm, be it a node of `nodes()` or the
    engine itself; nothing is changed. `load` is what `requests(…)` gave.

    Raises InvalidInput for what is no name of a service or no load, where no engine is a manager
    of a swarm, and before `connect()`; EngineError where the managers cannot answer.
    """
    if not isinstance(service, str) or not _NAME.fullmatch(service):
        raise InvalidInput(
            f"{service!r} is no name of a service: letters, digits, dots, _ and -, at most 63.",
            "`docker service ls`, asked of a manager, lists them.",
        )
    if load is not None and not isinstance(load, NotebookLoad):
        raise InvalidInput(
            f"load is {load!r}, and no load of `requests(…)`.",
            'Say `load = requests("http://127.0.0.1:4121/", per_second=20)` first.',
        )
    current_engine()
    try:
        feed = RolloutFeed(_candidates, service)
    except NoManager as error:
        if error.message != WORKERS_ONLY:
            raise
        raise InvalidInput(error.message, error.next_step) from None
    return NotebookRollout(feed.newest, feed, load.run if load else None)


def _candidates() -> Sequence[Candidate]:
    """Who may be a manager: the nodes that run, then the engine itself."""
    engine = current_engine()
    nodes = [partial(_client_of, node) for node in engine.nodes.running()]
    return [*nodes, lambda: engine.client]


def _client_of(node: Node) -> DockerClient:
    return node.client
