"""Indexes: the manifests of one image, or of several, for each platform one.

Source: the OCI image specification (image-index.md) and Docker's manifest list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.errors import InvalidInput
from helpers.model.image.descriptor import Descriptor, senseless
from helpers.model.image.digest import Digest
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.text.json_document import parsed_json
from helpers.outside import visible_line, visible_repr

_SHOWN = 8


@dataclass(frozen=True, repr=False)
class Index:
    """An index as it stands in a registry or an archive; its digest is worked out from `body`."""

    name: str
    digest: Digest
    media_type: str
    body: bytes
    manifests: tuple[Descriptor, ...]

    @classmethod
    def parse(cls, name: str, body: bytes, media_type: str = "") -> Index:
        """The index in these bytes; raises UnreadableImage where they are none."""
        try:
            document: Any = parsed_json(body)
            entries = document["manifests"] or ()
            if not isinstance(entries, list | tuple):
                raise ValueError("its manifests are no list")
            stated = str(document.get("mediaType") or "")
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise senseless(error) from None
        manifests = tuple(Descriptor.parse(entry) for entry in entries)
        return cls(name, Digest.of(body), stated or media_type.partition(";")[0], body, manifests)

    @property
    def images(self) -> tuple[Descriptor, ...]:
        """What leads to images or to further indexes, not to attestations and other artifacts."""
        return tuple(one for one in self.manifests if not (one.is_attestation or one.artifact_type))

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms that it has an image for."""
        return tuple(one.platform for one in self.images if one.platform)

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """Nothing: an index has neither config nor layers."""
        return ()

    def pick(self, name: str | None = None, platform: Platform | None = None) -> Descriptor:
        """The manifest, or the further index, of that name and platform: the first of the best.

        Raises as `candidates` does.
        """
        return self.candidates(name, platform)[0]

    def candidates(
        self, name: str | None = None, platform: Platform | None = None
    ) -> Sequence[Descriptor]:
        """The manifests and further indexes of that name and platform, those that suit best first.

        Whole names beat tags, and a name is passed over where nothing is named. An entry that says
        no platform may fit any, and comes last. With no platform this machine's counts, but only
        where there are several. Raises InvalidInput where there is none, or where it takes a name
        to tell.
        """
        entries, host = _of_name(self.images, name), platform or Platform.here()
        fitting = sorted(
            (one for one in entries if _rank(one, host) is not None),
            key=lambda one: _rank(one, host) or 0,
        )
        if not fitting and platform is None and len({one.digest for one in entries}) == 1:
            return entries
        best = [one for one in fitting if _rank(one, host) == _rank(fitting[0], host)]
        is_unclear = len({one.digest for one in best}) > 1 and len({one.name for one in best}) > 1
        if not best or is_unclear:
            raise self.unknown(name, platform)
        return fitting

    def json(self) -> Any:
        """The same as JSON."""
        return parsed_json(self.body)

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"{self.name}", f"manifest  {self.digest}  {visible_line(self.media_type)}"]
        return "\n".join([*lines, *(f"image     {entry}" for entry in self.manifests)])

    def unknown(self, name: str | None, platform: Platform | None) -> InvalidInput:
        """The error for what is not in it, or may be one thing or another."""
        wanted = name or (str(platform) if platform else None)
        spoken = {f"{one.name} {one.platform or ''}".strip() for one in self.images}
        there = ", ".join(sorted(spoken - {""})[:_SHOWN]) or "no named image"
        if wanted is None:
            return InvalidInput(
                f"The archive holds {there}.", "Say which with `name` or `platform`."
            )
        return InvalidInput(f"There is no {wanted} in it; there is {there}.", "Name one of these.")


def is_name_of(name: str, wanted: str) -> bool:
    """Whether a whole name means the wanted image, however each of them is spelled."""
    try:
        return name == wanted or ImageReference.parse(name) == ImageReference.parse(wanted)
    except InvalidInput:
        return False


def _of_name(entries: Sequence[Descriptor], wanted: str | None) -> Sequence[Descriptor]:
    if wanted is None or not any(one.name for one in entries):
        return entries
    return [one for one in entries if is_name_of(one.name, wanted)] or [
        one for one in entries if one.name and not one.full_name and wanted.endswith(f":{one.name}")
    ]


def _rank(entry: Descriptor, host: Platform) -> int | None:
    """How well it suits the host, 0 best; what says no platform suits it least of all."""
    return entry.platform.rank_on(host) if entry.platform else len(host.runs())
