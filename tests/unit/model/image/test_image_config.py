"""Whether an image that an engine describes is the one of a config, whatever it has for an ID."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpers.model.image.config import is_made_of

DIFF_IDS = [f"sha256:{digit * 64}" for digit in "12"]
CONFIG: dict[str, Any] = {
    "created": "2026-11-26T20:10:03.172947643Z",
    "config": {"Cmd": ["sh"], "Env": ["A=b"], "WorkingDir": ""},
    "rootfs": {"type": "layers", "diff_ids": DIFF_IDS},
}
FOUND: dict[str, Any] = {
    "Id": f"sha256:{'9' * 64}",
    "Created": "2026-11-26T20:10:03.17294764Z",
    "Config": {"Cmd": ["sh"], "Env": ["A=b"], "Entrypoint": None, "Labels": None},
    "RootFS": {"Type": "layers", "Layers": DIFF_IDS},
}


def test_another_id_may_be_the_same_image() -> None:
    assert is_made_of(FOUND, json.dumps(CONFIG).encode())


@pytest.mark.parametrize("ours", [{}, {"created": None}, {"created": "0001-01-01T00:00:00Z"}])
@pytest.mark.parametrize("theirs", [{}, {"Created": ""}, {"Created": "0001-01-01T00:00:00Z"}])
def test_an_image_of_no_time_is_the_same_again(
    ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    """Engines tell the time of a config without one in each of these ways."""
    config = {key: value for key, value in CONFIG.items() if key != "created"} | ours
    found = {key: value for key, value in FOUND.items() if key != "Created"} | theirs
    assert is_made_of(found, json.dumps(config).encode())
    assert not is_made_of(FOUND, json.dumps(config).encode())


@pytest.mark.parametrize(
    "other",
    [
        {"rootfs": {"diff_ids": DIFF_IDS[:1]}},
        {"rootfs": {"diff_ids": DIFF_IDS[::-1]}},
        {"created": "2026-11-26T20:10:04Z"},
        {"config": {"Cmd": ["ash"], "Env": ["A=b"]}},
        {"config": {"Cmd": ["sh"], "Env": ["A=b"], "Labels": {"a": "b"}}},
        {"config": {}},
        {"rootfs": None, "config": None},
    ],
)
def test_another_layer_setting_or_time_is_another_image(other: dict[str, Any]) -> None:
    assert not is_made_of(FOUND, json.dumps({**CONFIG, **other}).encode())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"rootfs": []}',
        b'{"config": 1}',
        b'{"rootfs": {"diff_ids": 1}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_config_is_no_image(text: bytes) -> None:
    assert not is_made_of(FOUND, text)
