"""What a registry's refusals mean, and why it cannot be reached."""

from __future__ import annotations

import socket
import ssl

import requests

from helpers.engine.registry.body import beginning
from helpers.engine.registry.patience import retry_seconds
from helpers.errors import NotInRegistry, RegistryError, RegistryFull, RegistryGone
from helpers.model.text.json_document import parsed_json
from helpers.model.text.trouble import is_full_disk
from helpers.model.text.units import counted, format_seconds

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
_CACHE = "A pull-through cache takes no pushes and deletes nothing: ask what is behind it."
_REGISTRY = "Is that address a registry's? Look at what stands before the first slash."
OUT_OF_ORDER = (429, *range(500, 600))


def refusal(
    address: str,
    path: str,
    status: int,
    words: str,
    method: str = "GET",
    seconds: float | None = None,
) -> RegistryError:
    """The error that a registry's refusal means; `seconds` is when it may be asked again."""
    what = path.removeprefix("/v2/").partition("?")[0]
    if is_full_disk(words):
        return registry_full(address, "Make room there, then push again.")
    if status == 404:
        is_repository = "name_unknown" in words.lower() or "tags/list" in path
        kind = "repository" if is_repository else "image"
        return NotInRegistry(f"{address} has no such {kind}: {what} (404).", _NAMES)
    if status == 401:
        return RegistryError(f"{address} wants a login for {what}.", _login(address))
    if status == 405:
        step = _CACHE if method == "DELETE" else _REGISTRY
        return RegistryError(f"{address} does not allow {method} of {what} (405).", step)
    step = _later(seconds) if status in OUT_OF_ORDER else "Ask its owner."
    return RegistryError(
        f"{address} answered {status} for {what}{f': {words}' if words else ''}.",
        _login(address) if status == 403 else step,
    )


def out_of_order(who: str, answer: requests.Response) -> RegistryError:
    """The error for a server that cannot answer now, be it too busy or broken."""
    words = error_words(answer)
    return RegistryError(
        f"{who} answered {answer.status_code}{f': {words}' if words else ''}.",
        _later(retry_seconds(answer)),
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


def _login(address: str) -> str:
    """What helps where a login is wanted: what is typed has one, what is read here has none."""
    return (
        "Look at the name first: many registries say so of one that they do not have. "
        f"This look goes without a login; after `docker login {address}`, `docker pull` and "
        "`docker manifest inspect` have one."
    )


def _later(seconds: float | None) -> str:
    if seconds is None:
        return "Try again in a while."
    hours = round(seconds / 3600)
    return f"Try again in {counted(hours, 'hour') if hours > 1 else format_seconds(seconds)}."


def unreachable_words(error: object) -> str:
    """Why a registry cannot be reached, in a few words."""
    text = str(error)
    for kinds, signs, words in _UNREACHABLE:
        if isinstance(error, kinds) or any(sign in text for sign in signs):
            return words
    return text[:_LONGEST]
