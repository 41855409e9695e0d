"""The config of an image that is made of one archive, as `docker import --change` makes it.

Source: the Dockerfile reference, and the OCI image specification, config.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from helpers.model.image.platform import Platform

_COMMENT = "Imported from -"


def imported_config(
    instructions: Iterable[str], diff_id: str, platform: Platform, created: str
) -> bytes:
    """The config of an image whose only layer has that digest; the same for the same arguments."""
    settings: dict[str, Any] = {"Env": []}
    for line in instructions:
        word, _, rest = line.partition(" ")
        _apply(settings, word, rest.strip())
    document = {
        **platform.json(),
        "created": created,
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        "history": [{"created": created, "comment": _COMMENT}],
    }
    return json.dumps(document, sort_keys=True).encode()


def changed_config(
    config: bytes, diff_id: str, variables: dict[str, str], labels: dict[str, str]
) -> bytes:
    """The same image with another only layer, and these variables and labels on top."""
    document = json.loads(config)
    settings = document.setdefault("config", {})
    settings["Env"] = [*(settings.get("Env") or ()), *(f"{k}={v}" for k, v in variables.items())]
    settings["Labels"] = (settings.get("Labels") or {}) | labels
    document["rootfs"]["diff_ids"] = [diff_id]
    return json.dumps(document, sort_keys=True).encode()


def _apply(settings: dict[str, Any], word: str, rest: str) -> None:
    """Adds what one instruction says; those that a stand-in's recipe has."""
    key, _, value = rest.partition("=")
    match word:
        case "ENV":
            settings["Env"].append(f"{key}={_unquoted(value)}")
        case "LABEL":
            settings.setdefault("Labels", {})[key] = _unquoted(value)
        case "CMD" | "ENTRYPOINT":
            settings[word.capitalize()] = json.loads(rest)
        case "EXPOSE":
            settings.setdefault("ExposedPorts", {})[f"{rest}/tcp"] = {}
        case "VOLUME":
            settings.setdefault("Volumes", {})[rest] = {}
        case "WORKDIR":
            settings["WorkingDir"] = rest
        case "USER":
            settings["User"] = rest
        case "STOPSIGNAL":
            settings["StopSignal"] = rest
        case _:
            raise ValueError(f"{word} is no instruction of a stand-in")


def _unquoted(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text
