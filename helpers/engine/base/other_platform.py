"""Whether an image is made for another platform than its engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_info import version_of
from helpers.model.image.platform import Platform

if TYPE_CHECKING:
    from docker import DockerClient


def other_platform(client: DockerClient, inspected: Mapping[str, Any]) -> str:
    """What to say of an inspected image that this engine may not run; empty where it does.

    An engine takes a single image whatever it is made for, some without a word. Raises EngineGone.
    """
    with translated("docker version"):
        host = Platform.described(version_of(client))
    own = Platform.described(inspected)
    if own is None or host is None or own.fits(host):
        return ""
    return f"made for {own}, and this engine runs {host}: it may not start"
