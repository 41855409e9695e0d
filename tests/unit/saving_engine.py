"""A client of an engine that has one image, and saves it as the archive that it was handed."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from tests.unit import tar_writer as tar


class SavingEngine:
    """`saves` counts how often the archive was asked for."""

    def __init__(self, archive: bytes, layers: Sequence[bytes], config: bytes = b"") -> None:
        self.api = self
        self.saves = 0
        self._archive = archive
        self._config = json.loads(config or tar.config(layers))
        self._diff_ids = [tar.digest(layer) for layer in layers]

    def info(self) -> dict[str, Any]:
        return {"Driver": "btrfs"}

    def inspect_image(self, name: str) -> dict[str, Any]:
        return {
            "Id": f"sha256:{sha256(self._archive).hexdigest()}",
            "Os": "linux",
            "Architecture": "amd64",
            "Size": 1000,
            "RootFS": {"Layers": self._diff_ids},
            "Config": self._config.get("config"),
        }

    def history(self, image_id: str) -> list[dict[str, Any]]:
        steps = reversed(self._config["history"])
        return [{"CreatedBy": step["created_by"], "Size": 1} for step in steps]

    def _url(self, path: str, *parts: str) -> str:
        return path.format(*parts)

    def _get(self, url: str, **_: object) -> Any:
        self.saves += 1
        return Answer(self._archive)

    def _raise_for_status(self, answer: Any) -> None:
        """It always answers."""


class Answer:
    """What it answers."""

    def __init__(self, body: bytes) -> None:
        self.raw = io.BytesIO(body)

    def close(self) -> None:
        self.raw.close()
