"""Which image is meant: from an index, or several in one another, to one manifest.

Source: github.com/containerd/containerd, core/images (Manifest): what fits best comes first, what
says no platform comes last and is asked for it, and what is no image drops out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.index import Index
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform

MOST_LEVELS = 4
MOST_DOCUMENTS = 32


@dataclass
class ImageChoice:
    """The choice of an image for a platform (None: this machine's), wherever its documents lie.

    `follow` gives the document that a descriptor leads to, `platform_of` what the config of a
    manifest says; `holder` is what they are all in, in words.
    """

    holder: str
    platform: Platform | None
    follow: Callable[[Descriptor], Manifest | Index]
    platform_of: Callable[[Manifest], Platform | None]
    _followed: int = field(default=0, init=False)

    def manifest(self, document: Manifest | Index, name: str | None = None) -> Manifest:
        """The manifest of the image of that name; `document` itself, where it is an image's.

        Raises InvalidInput where there is none such, UnreadableImage where it does not end.
        """
        return self._chosen(document, name, MOST_LEVELS)

    def _chosen(self, document: Manifest | Index, name: str | None, levels: int) -> Manifest:
        if isinstance(document, Manifest):
            return _image(document, self.holder)
        candidates, errors = document.candidates(name, self.platform), list[Exception]()
        for entry in candidates:
            try:
                manifest = self._chosen(self._document(entry, levels - 1), None, levels - 1)
            except (InvalidInput, UnreadableImage) as error:
                errors.append(error)
                continue
            is_asked = entry.platform is None and len(candidates) > 1
            if not is_asked or self._fits(manifest):
                return manifest
        raise errors[0] if errors else document.unknown(name, self.platform)

    def _document(self, entry: Descriptor, levels: int) -> Manifest | Index:
        self._followed += 1
        if not levels or self._followed > MOST_DOCUMENTS:
            raise UnreadableImage(
                f"{self.holder} leads from one list of images to the next.",
                "Push, make or fetch it again.",
            )
        return self.follow(entry)

    def _fits(self, manifest: Manifest) -> bool:
        stated = self.platform_of(manifest)
        return stated is not None and stated.fits(self.platform or Platform.here())


def _image(manifest: Manifest, holder: str) -> Manifest:
    if not manifest.is_image:
        raise InvalidInput(
            f"{manifest.name or holder} is not an image: its config is of the type "
            f"{manifest.config.media_type}.",
            "Take it with the tool that it was made with, as `helm pull` for a chart.",
        )
    return manifest
