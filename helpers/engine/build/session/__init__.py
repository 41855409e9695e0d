"""BuildKit's session: over it the builder asks for files, secrets and logins while it builds.

It is what the docker command has, too: only what changed is sent, the builder itself applies
.dockerignore, and steps share their cache with those that the command built.
"""

from __future__ import annotations

from helpers.engine.build.session.session import BuildSession, open_session

__all__ = ["BuildSession", "open_session"]
