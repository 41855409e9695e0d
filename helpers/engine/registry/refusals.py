"""What a registry's refusals mean, and why it cannot be reached."""

from __future__ import annotations

import socket
import ssl

import requests

from helpers.engine.registry.body import beginning
from helpers.errors import NotInRegistry, RegistryError, RegistryFull, RegistryGone
from helpers.model.text.json_document import parsed_json
from helpers.model.text.trouble import is_full_disk

_NAMES = "See that the name is right: `tags()` lists those of a repository."
_MOST_BYTES = 1 << 16
_SECONDS = 10.0
_LONGEST = 120
_UNREACHABLE: tuple[tuple[type[OSError], tuple[str, ...], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        ("CERTIFICATE_VERIFY_FAILED",),
        "its certificate is not trusted here",
    ),
    (ConnectionRefusedError, ("refused",), "connection refused"),
    (TimeoutError, ("timed out",), "no answer in time"),
    (
        socket.gaierror,
        ("resolve", "resolution", "not known", "getaddrinfo"),
        "its name cannot be resolved",
    ),
)
_FULL = "no space left on device"


def refusal(address: str, path: str, status: int, words: str) -> RegistryError:
    """The error that a registry's refusal means."""
    what = path.removeprefix("/v2/").partition("?")[0]
    if is_full_disk(words):
        return registry_full(address, "Make room there, then push again.")
    if status == 404:
        is_repository = "name_unknown" in words.lower() or "tags/list" in path
        kind = "repository" if is_repository else "image"
        return NotInRegistry(f"{address} has no such {kind}: {what} (404).", _NAMES)
    if status == 401:
        return RegistryError(f"{address} wants a login for {what}.", f"`docker login {address}`")
    if status == 405:
        step = "A pull-through cache takes no pushes and deletes nothing: ask what is behind it."
        return RegistryError(f"{address} does not allow that (405).", step)
    return RegistryError(
        f"{address} answered {status} for {what}{f': {words}' if words else ''}.",
        "Try again in a while." if status >= 500 or status == 429 else "Ask its owner.",
    )


def registry_full(address: str, next_step: str) -> RegistryFull:
    """The error for a registry whose disk is full."""
    return RegistryFull(f"The disk of the registry {address} is full.", next_step)


def error_words(answer: requests.Response) -> str:
    """The codes and messages in a registry's error document, in one line."""
    try:
        text = beginning(answer, "the registry", _MOST_BYTES, _SECONDS)
        errors = parsed_json(text)["errors"]
        return "; ".join(f"{one['code']}: {one.get('message', '')}" for one in errors)[:300] + (
            f" {_FULL}" if is_full_disk(text.decode(errors="replace")) else ""
        )
    except (ValueError, LookupError, TypeError, AttributeError, RegistryGone):
        return ""


def unreachable_words(error: object) -> str:
    """Why a registry cannot be reached, in a few words."""
    text = str(error)
    for kinds, signs, words in _UNREACHABLE:
        if isinstance(error, kinds) or any(sign in text for sign in signs):
            return words
    return text[:_LONGEST]
