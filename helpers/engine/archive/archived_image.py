"""One image in an archive: its config and its layers, from the archive's manifests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.engine.archive.manifests import chosen, named_entry
from helpers.engine.archive.reader import ArchiveContent
from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.history import HistoryEntry, history_of_config

_MOST_INDEXES = 4


@dataclass(frozen=True)
class ArchivedImage:
    """An image's config and what that says, and the members that hold its layers, lowest first."""

    config: bytes
    history: tuple[HistoryEntry, ...]
    diff_ids: tuple[str, ...]
    members: tuple[str, ...]

    @classmethod
    def of(cls, config: bytes | None, members: Sequence[str]) -> ArchivedImage:
        """The image of that config with layers in these members; raises UnreadableImage."""
        document = _json(config, "the image's config")
        rootfs = document.get("rootfs") if isinstance(document, Mapping) else None
        diff_ids = rootfs.get("diff_ids") if isinstance(rootfs, Mapping) else None
        if not isinstance(diff_ids, list) or len(diff_ids) != len(members):
            raise UnreadableImage(
                "The image's config and its manifest do not name the same number of layers.",
                "The archive is damaged, or holds no container image.",
            )
        history = history_of_config(document)
        return cls(config or b"", history, tuple(map(str, diff_ids)), tuple(members))

    @cached_property
    def member_of(self) -> dict[str, str]:
        """{diff-id: the member that holds that layer}."""
        return dict(zip(self.diff_ids, self.members, strict=True))


def image_in(
    content: ArchiveContent[Any], name: str | None = None, platform: str | None = None
) -> ArchivedImage:
    """The image of that name and platform in an archive; the only one where none is named.

    Raises InvalidInput where that does not say which, UnreadableImage where the manifests make no
    sense.
    """
    has_index = "index.json" in content.documents
    try:
        if "manifest.json" in content.documents and not (platform and has_index):
            entries = _json(content.documents["manifest.json"], "manifest.json")
            return _dockers(content, named_entry(entries, name))
        if has_index:
            return _ocis(content, name, platform)
    except InvalidInput:
        raise
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise UnreadableImage(
            f"The archive's manifests make no sense ({error!r}).", "Make or fetch it again."
        ) from None
    raise UnreadableImage(
        "The archive has neither manifest.json nor index.json: it is cut off, or no image.",
        "Make it with `docker save`.",
    )


def _dockers(content: ArchiveContent[Any], entry: Mapping[str, Any]) -> ArchivedImage:
    members = [content.resolved(layer) for layer in entry["Layers"]]
    return ArchivedImage.of(content.document(entry["Config"]), members)


def _ocis(content: ArchiveContent[Any], name: str | None, platform: str | None) -> ArchivedImage:
    document, wanted = _json(content.documents["index.json"], "index.json"), name
    for _ in range(_MOST_INDEXES):
        descriptor = chosen(document, wanted, platform)
        document = _json(content.document(_blob(descriptor)), "a manifest")
        if "layers" in document:
            config = content.document(_blob(document["config"]))
            members = [_blob(layer) for layer in document["layers"]]
            return ArchivedImage.of(config, members)
        wanted = None
    raise UnreadableImage("The archive's indexes lead to no image.", "Make or fetch it again.")


def _blob(descriptor: Mapping[str, Any]) -> str:
    """The member that holds a blob."""
    return f"blobs/{str(descriptor['digest']).replace(':', '/')}"


def _json(text: bytes | None, what: str) -> Any:
    if text is None:
        raise UnreadableImage(f"The archive lacks {what}.", "Make or fetch it again.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableImage(f"{what} is not JSON.", "The archive is damaged.") from None
