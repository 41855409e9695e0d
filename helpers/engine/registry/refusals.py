"""What a registry's refusals mean, and why it cannot be reached."""

from __future__ import annotations

import json

import requests
from urllib3.exceptions import HTTPError

from helpers.errors import NotInRegistry, RegistryError, RegistryFull

_NAMES = "See that the name is right: `tags()` lists those of a repository."
_MOST_BYTES = 1 << 16


def refusal(address: str, path: str, status: int, words: str) -> RegistryError:
    """The error that a registry's refusal means."""
    what = path.removeprefix("/v2/").partition("?")[0]
    lowered = words.lower()
    if "no space left on device" in lowered:
        return RegistryFull(
            f"The disk of the registry {address} is full.", "Make room there, then push again."
        )
    if status == 404:
        kind = "repository" if "name_unknown" in lowered or "tags/list" in path else "image"
        return NotInRegistry(f"{address} has no such {kind}: {what} (404).", _NAMES)
    if status == 401:
        return RegistryError(f"{address} wants a login for {what}.", f"`docker login {address}`")
    if status == 405:
        step = "A pull-through cache takes no pushes and deletes nothing."
        return RegistryError(f"{address} does not allow that (405).", step)
    return RegistryError(f"{address} answered {status} for {what}{f': {words}' if words else ''}.")


def error_words(answer: requests.Response) -> str:
    """The codes and messages in a registry's error document, in one line."""
    try:
        text = answer.raw.read(_MOST_BYTES, decode_content=True)
        errors = json.loads(text)["errors"]
        return "; ".join(f"{one['code']}: {one.get('message', '')}" for one in errors)[:300] + (
            " no space left on device" if b"no space left" in text or b'"Err":28' in text else ""
        )
    except (ValueError, KeyError, TypeError, HTTPError, OSError):
        return ""


def unreachable_words(error: Exception) -> str:
    """Why a registry cannot be reached, in a few words."""
    text = str(error)
    for sign, words in (
        ("refused", "connection refused"),
        ("timed out", "no answer in time"),
        ("resolve", "its name cannot be resolved"),
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted here"),
    ):
        if sign in text:
            return words
    return text[:120]
