"""Secrets for Podman, which has no session to ask: they are sent along, beside the context."""

from __future__ import annotations

import json
import secrets as randomness
from collections.abc import Callable, Mapping


def sent_secrets(
    readers: Mapping[str, Callable[[], bytes]],
) -> tuple[dict[str, bytes], dict[str, str]]:
    """{name: content} of what is put into the archive, and what the request says of it.

    Podman takes these files out of the context before the build begins (its `secrets` parameter,
    as `podman --remote build` sends it). Nobody else does, so nobody else is sent any.
    """
    names = {key: f".workbook-secret-{randomness.token_hex(8)}" for key in readers}
    files = {names[key]: read() for key, read in readers.items()}
    sources = [f"id={key},src={name}" for key, name in names.items()]
    return files, ({"secrets": json.dumps(sources)} if sources else {})
