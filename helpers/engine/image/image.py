"""One image on the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import STAND_IN
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.needed_parts import id_in, needed_table
from helpers.engine.image.size import unpacked_bytes
from helpers.engine.layers import analyse, summary
from helpers.engine.layers.file_contents import file_contents
from helpers.engine.layers.text_search import text_matches
from helpers.errors import NoSuchImage
from helpers.model.image.platform import Platform
from helpers.model.image.similar_names import similar_image
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.image_layers import ImageLayers, Layer, Shared, Waste
from helpers.model.layers.layer_progress import OnProgress
from helpers.model.layers.text_match import TextMatch
from helpers.model.text.answer_parts import table_of_texts, text_in
from helpers.model.text.command_line import docker_line
from helpers.model.text.units import format_bytes
from helpers.outside import visible_repr

if TYPE_CHECKING:
    from docker import DockerClient


class Image:
    """An image by its name; raises NoSuchImage where the engine has none of that name."""

    def __init__(self, client: DockerClient, name: str) -> None:
        self._client = client
        self.name = name
        try:
            with translated(docker_line("image", "inspect", name)):
                self._inspected = needed_table(client.api.inspect_image(name), "docker inspect")
                self._size_bytes = unpacked_bytes(client.api, self._inspected)
        except NoSuchImage as missing:
            raise _with_similar(client, name, missing) from None
        self.id = id_in(self._inspected, "docker inspect")

    @visible_repr
    def __repr__(self) -> str:
        kind = " (a stand-in)" if self.stand_in else ""
        return f"image {self.name}{kind}, {format_bytes(self.size_bytes)}"

    @property
    def size_bytes(self) -> int:
        """What its layers take unpacked, as the engine counts them, in bytes."""
        return self._size_bytes

    @property
    def platform(self) -> str:
        """The system and processor that it is made for: 'linux/amd64'."""
        return str(
            Platform(text_in(self._inspected, "Os"), text_in(self._inspected, "Architecture"))
        )

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return table_of_texts(self._inspected, "Config", "Labels")

    @property
    def stand_in(self) -> str:
        """What it was made of in place of the official image; empty for an official one."""
        return self.labels.get(STAND_IN, "")

    @cached_property
    def content(self) -> ImageLayers:
        """All that its layers hold, read once; a layer that was ever read is not read again.

        Raises EngineGone or UnreadableImage.
        """
        return replace(analyse(self._client, self.id), name=self.name)

    def outline(self) -> tuple[Layer, ...]:
        """Its history at once, from the engine's metadata alone: no changes, no file is read."""
        return summary(self._client, self.id)

    def read(self, on_progress: OnProgress) -> ImageLayers:
        """Its `content`, with word of how far it is; may be called on any thread.

        Raises NoSuchImage, EngineGone or UnreadableImage.
        """
        if "content" not in self.__dict__:
            content = analyse(self._client, self.id, on_progress)
            self.__dict__["content"] = replace(content, name=self.name)
        return self.content

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Its history from the lowest layer up, steps without a layer too, with what each changed.

        A layer's size_bytes is the content of its files.
        """
        return self.content.layers

    def files(self) -> Mapping[str, FileEntry]:
        """The files that a container of it sees, by path."""
        return self.content.files()

    def contents(self, wanted: Callable[[str], bool]) -> dict[str, bytes]:
        """{path: content} of the files that a container of it sees and whose path is wanted.

        Raises EngineGone or UnreadableImage.
        """
        return file_contents(self._client, self.content, self.id, wanted)

    def wasted(self) -> tuple[Waste, ...]:
        """The files that a later layer hides and that are stored all the same, largest first."""
        return self.content.wasted()

    @property
    def wasted_bytes(self) -> int:
        """The content that later layers hide, in bytes."""
        return self.content.wasted_bytes

    @property
    def efficiency(self) -> float:
        """The share of the stored content that a container sees, 0..1."""
        return self.content.efficiency

    def find(self, text: str) -> tuple[TextMatch, ...]:
        """Where that text stands in it: in files, hidden ones too, in its history, its settings.

        Raises InvalidInput for an empty text, EngineGone or UnreadableImage.
        """
        return text_matches(self._client, self.id, text)

    def shared_with(self, other: Image) -> Shared:
        """The layers that both images stand on, and the content in them, which is stored once."""
        return self.content.shared_with(other.content)


def _with_similar(client: DockerClient, name: str, missing: NoSuchImage) -> NoSuchImage:
    """The same error, with the name that may have been meant."""
    with translated("docker images"):
        known = [tag for image in images_of(client.api) for tag in image.tags]
    similar = similar_image(name, known)
    meant = f"Did you mean `{similar}`? " if similar else ""
    return NoSuchImage(
        f"There is no image {name!r} on this engine.",
        f"{meant}{missing.next_step}",
        command=missing.command,
        answer=missing.answer,
    )
