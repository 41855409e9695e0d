"""Which image an archive or a registry holds: its config and its layers, from the manifests."""

from __future__ import annotations

import json
import platform as this_platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.history import HistoryEntry, history_of_config
from helpers.model.image.reference import ImageReference

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_REFERENCE_TYPE = "vnd.docker.reference.type"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


@dataclass(frozen=True)
class Manifest:
    """An image's name, its history, its layers' diff-ids, and where each layer's bytes stand.

    `places` are members of an archive, or digests in a registry.
    """

    name: str
    history: tuple[HistoryEntry, ...]
    diff_ids: tuple[str, ...]
    places: tuple[str, ...]


def document(text: bytes | None, what: str) -> Any:
    """The JSON in a document; raises UnreadableImage where it is missing or none."""
    if text is None:
        raise UnreadableImage(f"The archive lacks {what}.", "Make or fetch it again.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableImage(f"{what} is not JSON.", "The archive is damaged.") from None


def manifest_of(name: str, config: Any, places: Sequence[str]) -> Manifest:
    """The image of that config with layers at these places; raises UnreadableImage."""
    rootfs = config.get("rootfs") if isinstance(config, Mapping) else None
    diff_ids = rootfs.get("diff_ids") if isinstance(rootfs, Mapping) else None
    if not isinstance(diff_ids, list) or len(diff_ids or ()) != len(places):
        raise UnreadableImage(
            "The image's config and its manifest do not name the same number of layers.",
            "The archive is damaged, or holds no container image.",
        )
    return Manifest(
        name, history_of_config(config), tuple(map(str, diff_ids)), tuple(map(str, places))
    )


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
