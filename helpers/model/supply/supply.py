"""Where an image comes from, and how far its supply has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Source(Enum):
    """A place that images come from, in the order in which they are asked."""

    ENGINE = "this engine"
    BUNDLE = "the bundle"
    SERVER = "the room's server"
    MIRROR = "the mirror"
    HUB = "Docker Hub"
    COPY = "a public copy"
    STAND_IN = "a stand-in"
    OWN = "the workbook's recipe"


@dataclass(frozen=True)
class SupplyProgress:
    """How far the supply of one image has got; None where it is not known.

    `done_bytes` and `total_bytes` count what is transferred, `share` (0..1) work of another kind,
    and `detail` changes many times within a stage.
    """

    name: str
    source: Source
    stage: str
    done_bytes: int | None = None
    total_bytes: int | None = None
    share: float | None = None
    detail: str = ""

    @property
    def fraction(self) -> float | None:
        """How much is done, 0..1, by bytes where they are counted."""
        if self.total_bytes:
            return min(1.0, (self.done_bytes or 0) / self.total_bytes)
        return self.share


@dataclass(frozen=True)
class Supplied:
    """An image that the engine now has, and where it came from."""

    name: str
    source: Source
    image_id: str
    size_bytes: int
    note: str = ""


@dataclass(frozen=True)
class LayerTotals:
    """The sum over all layers of a pull, from the engine's messages about each."""

    layers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    stage: str = "asking"

    def after(self, message: Mapping[str, object]) -> LayerTotals:
        """The totals once that message of `POST /images/create` was taken in."""
        status, layer = str(message.get("status", "")), str(message.get("id", ""))
        detail = message.get("progressDetail")
        detail = detail if isinstance(detail, Mapping) else {}
        done, total = self.layers.get(layer, (0, 0))
        if status == "Downloading":
            done, total = _count(detail, "current", done), _count(detail, "total", total)
        elif status in ("Download complete", "Extracting", "Pull complete"):
            done = total
        else:
            return LayerTotals(self.layers, self.stage)
        stage = "downloading" if status.startswith("Download") else "unpacking"
        return LayerTotals({**self.layers, layer: (done, total)}, stage)

    @property
    def done_bytes(self) -> int:
        """Bytes of all layers that are here."""
        return sum(done for done, _ in self.layers.values())

    @property
    def total_bytes(self) -> int | None:
        """Bytes of all layers that the engine has named so far; None before the first."""
        return sum(total for _, total in self.layers.values()) or None


def _count(detail: Mapping[object, object], key: str, otherwise: int) -> int:
    value = detail.get(key)
    return value if isinstance(value, int) and value > 0 else otherwise
