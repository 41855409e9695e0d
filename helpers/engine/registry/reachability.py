"""Docker Hub from here: whether it can be reached, and how many pulls are left."""

from __future__ import annotations

import functools
import os
import re
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from helpers.engine.registry.body import document
from helpers.engine.registry.refusals import unreachable_words
from helpers.engine.registry.session import UNREACHABLE, AnonymousSession, within
from helpers.engine.registry.token import MOST_BYTES, token_in
from helpers.errors import RegistryError
from helpers.model.text.json_document import parsed_json

REGISTRY = "https://registry-1.docker.io"
TOKENS = "https://auth.docker.io/token?service=registry.docker.io"
CONNECT_SECONDS = 3.0
FORGET_FAILURE_SECONDS = 60.0
OFFLINE = "not asked, as WORKBOOK_OFFLINE=1 wants it"
_PREVIEW = "ratelimitpreview/test"
_QUOTA = re.compile(r"(\d{1,18})(?:\s*;\s*w=(\d{1,18}))?", re.ASCII)


@dataclass(frozen=True)
class Reachability:
    """Whether a registry answered, what was observed, in words, and how long that took."""

    is_reachable: bool
    observed: str
    seconds: float


@dataclass(frozen=True)
class PullQuota:
    """What Docker Hub still allows this address; None where it names no limit."""

    remaining: int | None
    limit: int | None
    window_seconds: int | None


def is_offline() -> bool:
    """Whether the user forbade it to ask Docker Hub and its public copies for anything."""
    return os.environ.get("WORKBOOK_OFFLINE") == "1"


def reachability(registry: str = REGISTRY, seconds: float = CONNECT_SECONDS) -> Reachability:
    """Whether that registry's API answers this machine within the seconds, name look-up included.

    Remembered for the process where it does, for a minute where it does not.
    """
    if registry == REGISTRY and is_offline():
        return Reachability(False, OFFLINE, 0.0)
    known = _known().get(registry)
    if known and (known[1].is_reachable or time.monotonic() - known[0] < FORGET_FAILURE_SECONDS):
        return known[1]
    started = time.monotonic()
    reason = _refusal(registry, seconds)
    now = time.monotonic()
    answer = Reachability(not reason, reason or "it answers", now - started)
    _known()[registry] = now, answer
    return answer


def pulls_left(
    registry: str = REGISTRY, tokens: str = TOKENS, seconds: float = CONNECT_SECONDS
) -> PullQuota | None:
    """What is left of the pulls that Docker Hub allows without a login; None if it cannot be asked.

    Asks for the headers of a manifest only, which is not counted as a pull.
    """
    try:
        return within(2 * seconds, lambda: _quota(registry, tokens))
    except (*UNREACHABLE, RegistryError):
        return None


def quota_from(headers: dict[str, str]) -> PullQuota:
    """The quota in a registry's answer: `ratelimit-remaining: 76;w=21600`."""
    lowered = {name.lower(): value for name, value in headers.items()}
    remaining, window = _amount(lowered.get("ratelimit-remaining", ""))
    limit, limit_window = _amount(lowered.get("ratelimit-limit", ""))
    return PullQuota(remaining, limit, window or limit_window)


def _amount(value: str) -> tuple[int | None, int | None]:
    match = _QUOTA.fullmatch(value.strip())
    if not match:
        return None, None
    return int(match[1]), int(match[2]) if match[2] else None


@functools.cache
def _known() -> dict[str, tuple[float, Reachability]]:
    return {}


def _quota(registry: str, tokens: str) -> PullQuota | None:
    """The quota by the headers of a manifest; None where there is no token or an odd answer."""
    session, scope = AnonymousSession(), f"repository:{_PREVIEW}:pull"
    with closing(session.head_of("GET", f"{tokens}&scope={scope}")) as answer:
        token = token_in(parsed_json(document(answer, "Docker Hub", MOST_BYTES)))
    if not token:
        return None
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{registry}/v2/{_PREVIEW}/manifests/latest"
    with closing(session.head_of("HEAD", address, headers)) as answer:
        has_quota = answer.status_code < 400 or answer.status_code == 429
        return quota_from(dict(answer.headers)) if has_quota else None


def _refusal(registry: str, seconds: float) -> str:
    """Why the registry does not answer; empty where it does, be it to ask for a token."""
    host, session = urlsplit(registry).hostname, AnonymousSession()
    try:
        answer = within(seconds, lambda: session.head_of("GET", f"{registry}/v2/"))
    except UNREACHABLE as error:
        return f"{host}: {unreachable_words(error)}"
    answer.close()
    is_there = answer.status_code < 400 or answer.status_code == 401
    return "" if is_there else f"{host} answers with HTTP {answer.status_code}"
