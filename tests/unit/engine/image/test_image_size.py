"""The size of an image, where the engine's own figure is of what is packed."""

from __future__ import annotations

from typing import Any, cast

from docker.errors import ImageNotFound

from helpers.engine.image.size import listed_images, unpacked_bytes

FOUND = {"Id": "sha256:one", "Size": 1_119_574, "RootFS": {"Layers": ["sha256:1", "sha256:2"]}}


class Api:
    """The API of an engine whose images have this history."""

    def __init__(self, *sizes: int | None) -> None:
        self._sizes = sizes

    def history(self, name: str) -> list[dict[str, Any]]:
        assert name == FOUND["Id"]
        return [{"Id": "<missing>", "Size": size} for size in self._sizes]


def size(*sizes: int | None) -> int:
    return unpacked_bytes(cast("Any", Api(*sizes)), FOUND)


def test_the_size_is_that_of_the_history_where_it_has_every_layer() -> None:
    assert size(0, 8192, None, 2_109_440) == 2_117_632
    assert size(2_109_440) == 1_119_574, "a layer is not told of"


class Listing(Api):
    """An engine that lists one image as packed, and one that is gone when it is asked for."""

    def images(self) -> list[dict[str, Any]]:
        return [{"Id": FOUND["Id"], "Size": 9_000_000}, {"Id": "sha256:gone", "Size": 7}]

    def inspect_image(self, name: str) -> dict[str, Any]:
        if name != FOUND["Id"]:
            raise ImageNotFound("No such image")
        return dict(FOUND)


def test_the_list_tells_the_size_that_the_image_tells() -> None:
    listed = listed_images(cast("Any", Listing(0, 8192, None, 2_109_440)))
    assert [image.size_bytes for image in listed] == [2_117_632, 7]
