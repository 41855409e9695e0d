"""One image in an archive: its config and its layers, from the archive's manifests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.engine.archive.reader import ArchiveContent
from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.choice import ImageChoice
from helpers.model.image.config import platform_in
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.history import HistoryEntry, history_of_config
from helpers.model.image.index import Index, is_name_of
from helpers.model.image.layout import blob_path
from helpers.model.image.manifest import Manifest, manifest_or_index
from helpers.model.image.platform import Platform
from helpers.model.text.answer_parts import tables_of, text_in, texts_of
from helpers.model.text.json_document import parsed_json

_SHOWN = 8


@dataclass(frozen=True)
class ArchivedImage:
    """An image's config and what that says, and the members that hold its layers, lowest first."""

    config: bytes
    history: tuple[HistoryEntry, ...]
    diff_ids: tuple[Digest, ...]
    members: tuple[str, ...]

    @classmethod
    def of(cls, config: bytes | None, members: Sequence[str]) -> ArchivedImage:
        """The image of that config with layers in these members; raises UnreadableImage."""
        document = _json(config, "the image's config")
        rootfs = (document.get("rootfs") or {}) if isinstance(document, Mapping) else None
        diff_ids = (rootfs.get("diff_ids") or []) if isinstance(rootfs, Mapping) else None
        if not isinstance(diff_ids, list) or len(diff_ids) != len(members):
            raise UnreadableImage(
                "The image's config and its manifest do not name the same number of layers.",
                "The archive is damaged, or holds no container image.",
            )
        history = history_of_config(document)
        return cls(config or b"", history, tuple(map(Digest, diff_ids)), tuple(members))

    @cached_property
    def member_of(self) -> dict[str, str]:
        """{diff-id: the member that holds that layer}."""
        return dict(zip(self.diff_ids, self.members, strict=True))


def image_in(
    content: ArchiveContent[Any], name: str | None = None, platform: Platform | None = None
) -> ArchivedImage:
    """The image of that name and platform in an archive; the only one where none is named.

    Raises InvalidInput where that does not say which, UnreadableImage where the manifests make no
    sense.
    """
    has_index = "index.json" in content.documents
    try:
        if "manifest.json" in content.documents and not (platform and has_index):
            return _of_manifest_json(content, name)
        if has_index:
            return _of_layout(content, name, platform)
    except InvalidInput:
        raise
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise UnreadableImage(
            f"The archive's manifests make no sense ({error!r}).", "Make or fetch it again."
        ) from None
    raise UnreadableImage(
        "The archive has neither manifest.json nor index.json, as `docker save` writes them.",
        "It may be cut off, or hold no image: make it again.",
    )


def _of_manifest_json(content: ArchiveContent[Any], name: str | None) -> ArchivedImage:
    """The image by Docker's own list, which names images and says nothing of platforms."""
    entries = tables_of(_json(content.documents["manifest.json"], "manifest.json"))
    tags = [texts_of(entry, "RepoTags") for entry in entries]
    wanted = name if any(tags) else None
    fitting = [
        entry
        for entry, own in zip(entries, tags, strict=True)
        if wanted is None or any(is_name_of(tag, wanted) for tag in own)
    ]
    is_unclear = wanted is None and len({text_in(entry, "Config") for entry in fitting}) > 1
    if not fitting or is_unclear:
        raise _unclear(sorted(tag for own in tags for tag in own), name)
    if not isinstance(fitting[0].get("Layers") or [], list):
        raise UnreadableImage(
            "The archive's manifest.json has no list of layers for the image.",
            "It may be damaged: make it again with `docker save`.",
        )
    members = [content.resolved(layer) for layer in texts_of(fitting[0], "Layers")]
    return ArchivedImage.of(content.document(text_in(fitting[0], "Config")), members)


def _of_layout(
    content: ArchiveContent[Any], name: str | None, platform: Platform | None
) -> ArchivedImage:
    """The image by the index of an OCI layout, which may lead to further indexes."""

    def follow(entry: Descriptor) -> Manifest | Index:
        body = content.document(_member(entry))
        if body is None:
            raise UnreadableImage("The archive lacks a manifest.", "Make or fetch it again.")
        return _parsed(body)

    def platform_of(manifest: Manifest) -> Platform | None:
        return platform_in(content.document(_member(manifest.config)) or b"")

    choice = ImageChoice("The archive", platform, follow, platform_of)
    manifest = choice.manifest(_parsed(content.documents["index.json"]), name)
    config = content.document(_member(manifest.config))
    return ArchivedImage.of(config, [_member(layer) for layer in manifest.layers])


def _parsed(body: bytes) -> Manifest | Index:
    try:
        return manifest_or_index("", body)
    except UnreadableImage as error:
        raise UnreadableImage(
            "The archive's manifests make no sense.", "Make or fetch it again."
        ) from error


def _member(blob: Descriptor) -> str:
    """The member that holds a blob."""
    return blob_path(blob.digest)


def _unclear(tags: Sequence[str], name: str | None) -> InvalidInput:
    there = ", ".join(tags[:_SHOWN]) or "no named image"
    if name is None:
        return InvalidInput(f"The archive holds {there}.", "Name one of these.")
    return InvalidInput(f"There is no {name} in it; there is {there}.", "Name one of these.")


def _json(text: bytes | None, what: str) -> Any:
    if text is None:
        raise UnreadableImage(f"The archive lacks {what}.", "Make or fetch it again.")
    try:
        return parsed_json(text)
    except ValueError:
        raise UnreadableImage(f"{what} is not JSON.", "The archive is damaged.") from None
