"""Docker Hub from here: whether it can be reached, and how many pulls are left."""

from __future__ import annotations

import functools
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from helpers.engine.registry.refusals import unreachable_words

REGISTRY = "https://registry-1.docker.io"
TOKENS = "https://auth.docker.io/token?service=registry.docker.io"
CONNECT_SECONDS = 3.0
FORGET_FAILURE_SECONDS = 60.0
_Answer = TypeVar("_Answer")
_PREVIEW = "ratelimitpreview/test"
_QUOTA = re.compile(r"(\d+)(?:\s*;\s*w=(\d+))?")


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
    source: str = ""


def reachability(registry: str = REGISTRY, seconds: float = CONNECT_SECONDS) -> Reachability:
    """Whether that registry's API answers this machine within the seconds, name look-up included.

    Remembered for the process where it does, for a minute where it does not.
    """
    known = _known().get(registry)
    if known and (known[1].is_reachable or time.monotonic() - known[0] < FORGET_FAILURE_SECONDS):
        return known[1]
    started = time.monotonic()
    reason = _bounded(lambda: _refusal(registry, seconds), seconds)
    reason = "no answer in time" if reason is None else reason
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
    return _bounded(lambda: _quota(registry, tokens, seconds), 2 * seconds)


def quota_from(headers: dict[str, str]) -> PullQuota:
    """The quota in a registry's answer: `ratelimit-remaining: 76;w=21600`."""
    lowered = {name.lower(): value for name, value in headers.items()}
    remaining, window = _amount(lowered.get("ratelimit-remaining", ""))
    limit, limit_window = _amount(lowered.get("ratelimit-limit", ""))
    return PullQuota(
        remaining, limit, window or limit_window, lowered.get("docker-ratelimit-source", "")
    )


def _amount(value: str) -> tuple[int | None, int | None]:
    match = _QUOTA.fullmatch(value.strip())
    if not match:
        return None, None
    return int(match[1]), int(match[2]) if match[2] else None


@functools.cache
def _known() -> dict[str, tuple[float, Reachability]]:
    return {}


def _quota(registry: str, tokens: str, seconds: float) -> PullQuota | None:
    try:
        with urlopen(f"{tokens}&scope=repository:{_PREVIEW}:pull", timeout=seconds) as answer:
            token = json.load(answer)["token"]
        request = Request(f"{registry}/v2/{_PREVIEW}/manifests/latest", method="HEAD")
        request.add_header("Authorization", f"Bearer {token}")
        with urlopen(request, timeout=seconds) as answer:
            return quota_from(dict(answer.headers.items()))
    except HTTPError as error:
        return quota_from(dict(error.headers.items())) if error.code == 429 else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _refusal(registry: str, seconds: float) -> str:
    """Why the registry does not answer; empty where it does, be it to ask for a token."""
    host = urlsplit(registry).hostname
    try:
        urlopen(f"{registry}/v2/", timeout=seconds).close()
    except HTTPError as error:
        return "" if error.code == 401 else f"{host} answers with HTTP {error.code}"
    except URLError as error:
        return f"{host}: {unreachable_words(error.reason)}"
    except (OSError, ValueError) as error:
        return f"{host}: {unreachable_words(error)}"
    return ""


def _bounded(ask: Callable[[], _Answer], seconds: float) -> _Answer | None:
    """The answer, or None if there is none in time: a name look-up has no time-out of its own."""
    answers: list[_Answer] = []
    thread = threading.Thread(target=lambda: answers.append(ask()), daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else None
