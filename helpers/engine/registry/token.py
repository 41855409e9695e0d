"""The token for anonymous pulls, from the service that a registry names.

Source: the distribution's "Token authentication specification". No login goes there: whoever runs
a registry may name any address.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

from helpers.engine.registry.body import document
from helpers.engine.registry.session import UNREACHABLE, AnonymousSession
from helpers.errors import RegistryError
from helpers.model.registry.challenge import bearer_challenge
from helpers.model.text.json_document import parsed_json

MOST_BYTES = 1 << 18
SECONDS = 60.0
_ASKED_FOR = ("service", "scope")
_TOKEN = re.compile(r"[\x20-\x7e]{1,65536}")


def anonymous_token(session: AnonymousSession, base: str, header: str) -> str:
    """The header Authorization for that challenge of the registry at `base`; empty without one.

    A service in plain HTTP is asked only by a registry that is spoken to so itself.
    """
    challenge = bearer_challenge(header)
    realm = challenge.parameters.get("realm", "") if challenge else ""
    schemes = ("https://", "http://") if base.startswith("http://") else ("https://",)
    if challenge is None or not realm.lower().startswith(schemes):
        return ""
    asked = {name: challenge.parameters.get(name, "") for name in _ASKED_FOR}
    try:
        with closing(session.head_of("GET", _with(realm, asked))) as answer:
            body = document(answer, realm, MOST_BYTES, SECONDS)
        token = token_in(parsed_json(body)) if answer.status_code < 400 else ""
    except (*UNREACHABLE, RegistryError):
        return ""
    return f"Bearer {token}" if token else ""


def token_in(reply: Any) -> str:
    """The token of a reply, fit for a header; empty where it holds none."""
    fields = reply if isinstance(reply, dict) else {}
    token = fields.get("token") or fields.get("access_token")
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else ""


def _with(realm: str, asked: dict[str, str]) -> str:
    """The address with these parameters behind those that it has."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{realm}{'&' if '?' in realm else '?'}{query}" if query else realm
