"""The size of an image and whether it is the same one, as two kinds of image store tell them."""

from __future__ import annotations

from typing import Any, cast

import pytest

from helpers.engine.image_record import is_made_of, unpacked_bytes

DIFF_IDS = [f"sha256:{digit * 64}" for digit in "12"]
CONFIG: dict[str, Any] = {
    "created": "2026-11-26T20:10:03.172947643Z",
    "config": {"Cmd": ["sh"], "Env": ["A=b"], "WorkingDir": ""},
    "rootfs": {"type": "layers", "diff_ids": DIFF_IDS},
}
FOUND: dict[str, Any] = {
    "Id": f"sha256:{'9' * 64}",
    "Created": "2026-11-26T20:10:03.17294764Z",
    "Size": 1_119_574,
    "Config": {"Cmd": ["sh"], "Env": ["A=b"], "Entrypoint": None, "Labels": None},
    "RootFS": {"Type": "layers", "Layers": DIFF_IDS},
}


class Api:
    """The API of an engine whose images have this history."""

    def __init__(self, *sizes: int) -> None:
        self._sizes = sizes

    def history(self, name: str) -> list[dict[str, Any]]:
        assert name == FOUND["Id"]
        return [{"Id": "<missing>", "Size": size} for size in self._sizes]


def size(*sizes: int) -> int:
    return unpacked_bytes(cast("Any", Api(*sizes)), FOUND)


def test_the_size_is_that_of_the_history_where_it_has_every_layer() -> None:
    assert size(0, 8192, 0, 2_109_440) == 2_117_632
    assert size(2_109_440) == 1_119_574, "a layer is not told of"


def test_another_id_may_be_the_same_image() -> None:
    assert is_made_of(FOUND, CONFIG)


@pytest.mark.parametrize(
    "other",
    [
        {"rootfs": {"diff_ids": DIFF_IDS[:1]}},
        {"created": "2026-11-26T20:10:04Z"},
        {"config": {"Cmd": ["ash"], "Env": ["A=b"]}},
        {"config": {"Cmd": ["sh"], "Env": ["A=b"], "Labels": {"a": "b"}}},
        {"config": {}},
        {"rootfs": None, "config": None},
    ],
)
def test_another_layer_setting_or_time_is_another_image(other: dict[str, Any]) -> None:
    assert not is_made_of(FOUND, {**CONFIG, **other})
