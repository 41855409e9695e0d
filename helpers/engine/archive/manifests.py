"""Which of several images an archive or a registry means."""

from __future__ import annotations

import platform as this_platform
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_REFERENCE_TYPE = "vnd.docker.reference.type"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


def named_entry(entries: Any, name: str | None) -> Mapping[str, Any]:
    """The entry of a manifest.json for that name, or the only one; raises InvalidInput."""
    found = [entry for entry in entries if isinstance(entry, Mapping)]
    if name is not None:
        found = [entry for entry in found if _is_named(entry.get("RepoTags"), name)] or found[1:1]
    if len(found) == 1:
        return found[0]
    tags = sorted(str(tag) for entry in entries for tag in (entry.get("RepoTags") or ()))
    raise _which(tags, name)


def chosen(index: Any, name: str | None, platform: str | None) -> Mapping[str, Any]:
    """The descriptor in an OCI index for that name and platform; attestations are left out.

    With no platform named, this machine's processor counts where there are several.
    """
    found = [
        entry
        for entry in index.get("manifests") or ()
        if isinstance(entry, Mapping) and not _is_attestation(entry)
    ]
    named = [entry for entry in found if name is None or _is_named(_names(entry), name)]
    if name is not None and any(_names(entry) for entry in found):
        found = named
    if platform or len(found) > 1:
        wanted = platform or f"linux/{_ARCHITECTURES.get(this_platform.machine().lower(), '?')}"
        fitting = [entry for entry in found if _fits(entry.get("platform"), wanted)]
        found = fitting if platform or fitting else found
    if len({entry.get("digest") for entry in found}) == 1:
        return found[0]
    names = sorted({_spoken(entry) for entry in index.get("manifests") or ()} - {""})
    raise _which(names, name or platform)


def _fits(found: Any, wanted: str) -> bool:
    """Whether a descriptor's platform is the wanted one, 'linux/arm64' or 'linux/arm/v7'."""
    if not isinstance(found, Mapping):
        return True
    parts = [str(found.get(key) or "") for key in ("os", "architecture", "variant")]
    wanted_parts = wanted.split("/")
    return parts[: len(wanted_parts)] == wanted_parts


def _is_attestation(entry: Mapping[str, Any]) -> bool:
    annotations = entry.get("annotations") or {}
    platform = entry.get("platform") or {}
    return _REFERENCE_TYPE in annotations or platform.get("os") == "unknown"


def _names(entry: Mapping[str, Any]) -> list[str]:
    annotations = entry.get("annotations") or {}
    return [str(annotations[key]) for key in _NAMES if key in annotations]


def _is_named(names: Any, wanted: str) -> bool:
    """Whether one of the names is the wanted one, or only its tag, as the OCI layout has it."""
    canonical = ImageReference.parse(wanted).canonical()
    for name in names or ():
        if name == wanted or wanted.endswith(f":{name}"):
            return True
        try:
            if ImageReference.parse(str(name)).canonical() == canonical:
                return True
        except InvalidInput:
            continue
    return False


def _spoken(entry: Any) -> str:
    if not isinstance(entry, Mapping) or _is_attestation(entry):
        return ""
    platform = entry.get("platform") or {}
    parts = [str(platform.get(key) or "") for key in ("os", "architecture", "variant")]
    return " ".join([*_names(entry)[:1], "/".join(part for part in parts if part)]).strip()


def _which(names: Sequence[str], wanted: str | None) -> InvalidInput:
    there = ", ".join(names[:8]) or "no named image"
    if wanted is None:
        return InvalidInput(f"The archive holds {there}.", "Say which with `name` or `platform`.")
    return InvalidInput(f"There is no {wanted} in it; there is {there}.", "Name one of these.")
