"""The token for anonymous pulls, from the service that a registry names.

Source: the distribution's "Token authentication specification". No login goes there: whoever runs
a registry may name any address.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import requests

from helpers.engine.registry.body import document
from helpers.engine.registry.patience import waited
from helpers.engine.registry.refusals import OUT_OF_ORDER, out_of_order, unreachable_words
from helpers.engine.registry.session import UNREACHABLE, AnonymousSession
from helpers.errors import RegistryGone
from helpers.model.registry.challenge import bearer_challenge
from helpers.model.text.json_document import parsed_json

MOST_BYTES = 1 << 18
SECONDS = 60.0
_ASKED_FOR = ("service", "scope")
_TOKEN = re.compile(r"[\x20-\x7e]{1,65536}")


def anonymous_token(session: AnonymousSession, base: str, header: str, scope: str = "") -> str:
    """The header Authorization for that challenge of the registry at `base`; empty without one.

    `scope` is what is asked for where the challenge names nothing. A service in plain HTTP is
    asked only by a registry that is spoken to so itself. Raises RegistryError and RegistryGone
    where the service is out of order.
    """
    challenge = bearer_challenge(header)
    realm = challenge.parameters.get("realm", "") if challenge else ""
    schemes = ("https://", "http://") if base.startswith("http://") else ("https://",)
    if challenge is None or not realm.lower().startswith(schemes):
        return ""
    asked = {name: challenge.parameters.get(name, "") for name in _ASKED_FOR}
    asked["scope"] = asked["scope"] or scope
    with closing(_answered(session, _with(realm, asked))) as answer:
        if answer.status_code in OUT_OF_ORDER:
            raise out_of_order(f"The token service {realm}", answer)
        body = document(answer, realm, MOST_BYTES, SECONDS)
    token = _token_of(body) if answer.status_code < 400 else ""
    return f"Bearer {token}" if token else ""


def token_in(reply: Any) -> str:
    """The token of a reply, fit for a header; empty where it holds none."""
    fields = reply if isinstance(reply, dict) else {}
    token = fields.get("token") or fields.get("access_token")
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else ""


def _answered(session: AnonymousSession, url: str) -> requests.Response:
    try:
        answer = session.head_of("GET", url)
        return session.head_of("GET", url) if waited(answer) else answer
    except UNREACHABLE as error:
        raise RegistryGone(
            f"The token service {url} cannot be reached ({unreachable_words(error)}).",
            "Its registry gives nothing without a token: see whether this machine is online.",
        ) from None


def _token_of(body: bytes) -> str:
    try:
        return token_in(parsed_json(body))
    except ValueError:
        return ""


def _with(realm: str, asked: dict[str, str]) -> str:
    """The address with these parameters behind those that it has."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{realm}{'&' if '?' in realm else '?'}{query}" if query else realm
