"""What a program calls its version: VERSION in its environment, else its image's tag."""

from __future__ import annotations

from collections.abc import Mapping

VARIABLE = "VERSION"


def version_label(environment: Mapping[str, str], image: str) -> str:
    """The value of VERSION in that environment, else the image's tag."""
    return environment.get(VARIABLE, "") or tag_of(image)


def tag_of(image: str) -> str:
    """The tag of an image's name, latest where it names none; the begin of a digest alone."""
    name, _, digest = image.partition("@")
    last = name.rpartition("/")[2]
    if ":" in last:
        return last.rpartition(":")[2]
    return digest.removeprefix("sha256:")[:12] or ("latest" if last else "")
