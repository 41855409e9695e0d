"""`startup(project)`: how the parts of a Compose project come up, live."""

from __future__ import annotations

import re

from helpers.engine.project.feed import ProjectFeed
from helpers.errors import InvalidInput
from helpers.notebook.session import current_engine, current_projects
from helpers.views.project.startup import StartupView

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,254}")


def startup(project: str) -> StartupView:
    """A lane for each container of the project: created, running, healthy, first answered query.

    The newest three starts stand above each other, on one scale of seconds, each from its own first
    moment on; where a process ended by itself is a break with its exit code. A start is what was
    created or started once all before it had come up or ended.

    What is shown was observed: by the engine's events, and where it has forgotten these by what a
    container shows of itself, which is said. A first answer is one that the container's own log
    tells of: a request of HTTP with a status below 500, whoever asked, also a health check; or
    PostgreSQL ready to accept connections on an address, since it logs no queries. No query is
    sent for it. What was read stays known in this session, also of containers that are gone.

    Raises InvalidInput for what is no name of a project, and before `connect()`; EngineGone.
    """
    if not isinstance(project, str) or not _NAME.fullmatch(project):
        raise InvalidInput(
            f"{project!r} is no name of a Compose project: small letters, digits, _ and -.",
            "`docker compose ls --all` lists them.",
        )
    feed = ProjectFeed(current_engine().client, current_projects().of(project))
    return StartupView(feed.newest, feed)
