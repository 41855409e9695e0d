"""What a build was made of, so that the next one can say what is different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BuildInputs:
    """What decides whether a step comes from the cache.

    `dockerfile` is the text, `arguments` the --build-arg values, `bases` {image's name: its id} of
    each FROM, `files` {path in the context: fingerprint of its content, mode and kind}.
    """

    dockerfile: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    platform: str = ""
    no_cache: bool = False
