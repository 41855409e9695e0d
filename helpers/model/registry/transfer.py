"""A push or a pull, layer by layer: from the engine's messages while it runs, and when it is over.

Source: the messages of `POST /images/{name}/push` and `POST /images/create` (moby, pkg/progress
and distribution).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from helpers.model.image.digest import is_digest, short_id
from helpers.model.text.answer_parts import text_in
from helpers.model.text.units import format_bytes, format_seconds
from helpers.outside import visible_repr

_DIGEST = re.compile(r"[Dd]igest: ([a-z0-9]+:[0-9a-f]+)")
_HEXADECIMAL = re.compile(r"[0-9a-f]{12,64}")


class Fate(Enum):
    """What became of a layer; the value is how it is told."""

    SENT = "sent"
    FETCHED = "fetched"
    SKIPPED = "skipped"
    MOUNTED = "mounted"
    UNKNOWN = "unknown"  # Podman's messages name no layer

    @property
    def moved(self) -> bool:
        """Whether its bytes were transferred."""
        return self in (Fate.SENT, Fate.FETCHED)

    @property
    def was_there(self) -> bool:
        """Whether it did not have to be transferred."""
        return self in (Fate.SKIPPED, Fate.MOUNTED)


_SETTLED = {
    "Pushed": Fate.SENT,
    "Layer already exists": Fate.SKIPPED,
    "Pull complete": Fate.FETCHED,
    "Already exists": Fate.SKIPPED,
}
_UNDER_WAY = {
    "Preparing": "waiting",
    "Pulling fs layer": "waiting",
    "Waiting": "waiting",
    "Pushing": "sending",
    "Downloading": "fetching",
    "Verifying Checksum": "checking",
    "Download complete": "fetched",
    "Extracting": "unpacking",
}


@dataclass(frozen=True)
class LayerStep:
    """How far one layer is; `total_bytes` is None before the engine names it."""

    id: str
    stage: str = "waiting"
    done_bytes: int = 0
    total_bytes: int | None = None
    fate: Fate | None = None

    @property
    def share(self) -> float | None:
        """How much of it is done, 0..1; None where nobody knows."""
        if self.fate:
            return 1.0
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else None


@dataclass(frozen=True)
class TransferProgress:
    """How far a push or pull is: its layers by the engine's short ids, in the engine's order."""

    verb: str
    name: str
    layers: Mapping[str, LayerStep] = field(default_factory=dict)
    digest: str = ""
    retrying: bool = False
    is_over: bool = False

    def after(self, message: Mapping[str, object]) -> TransferProgress:
        """The same once that message was taken in."""
        status, layer = str(message.get("status", "")), str(message.get("id", ""))
        known = self.layers.get(layer, LayerStep(layer))
        if step := _step(known, status, message.get("progressDetail")):
            return replace(self, layers={**self.layers, layer: step}, retrying=False)
        if status.startswith("Retrying in"):
            return replace(self, retrying=True)
        return replace(self, digest=digest_in(message) or self.digest)


def _step(layer: LayerStep, status: str, detail: object) -> LayerStep | None:
    """The layer after a message of that status; None where the message is not about a layer."""
    if not _HEXADECIMAL.fullmatch(layer.id):
        return None
    if layer.fate is Fate.SKIPPED:  # containerd's store goes on to say that it is complete
        return layer
    if fate := (Fate.MOUNTED if status.startswith("Mounted from") else _SETTLED.get(status)):
        return replace(layer, stage=fate.value, fate=fate)
    if status not in _UNDER_WAY:
        return None
    done, total = _count(detail, "current"), _count(detail, "total")
    return replace(
        layer,
        stage=_UNDER_WAY[status],
        done_bytes=layer.done_bytes if done is None else done,
        total_bytes=layer.total_bytes if total is None else total,
        fate=None,
    )


def digest_in(message: Mapping[str, object]) -> str:
    """The digest that a message names at the end; empty where it names none."""
    stated = text_in(message, "aux", "Digest")
    match = _DIGEST.search(str(message.get("status", "")))
    return next((one for one in (stated, match[1] if match else "") if is_digest(one)), "")


def _count(detail: object, key: str) -> int | None:
    value = detail.get(key) if isinstance(detail, Mapping) else None
    return value if isinstance(value, int) and value > 0 else None


@dataclass(frozen=True)
class MovedLayer:
    """One layer of a finished transfer; the size is what it takes in the registry, compressed."""

    digest: str
    size_bytes: int
    fate: Fate

    @property
    def short(self) -> str:
        """Its digest as `docker` shortens it."""
        return short_id(self.digest)


@dataclass(frozen=True, repr=False)
class Transfer:
    """A finished push or pull: the layers from the lowest up, and the digest it ended with."""

    commands: tuple[str, ...]
    verb: str
    name: str
    digest: str
    layers: tuple[MovedLayer, ...]
    seconds: float
    note: str = ""

    @property
    def command(self) -> str:
        """The line that did it."""
        return self.commands[-1]

    @property
    def moved_bytes(self) -> int:
        """The bytes of the layers that were transferred."""
        return sum(layer.size_bytes for layer in self.layers if layer.fate.moved)

    @property
    def skipped_bytes(self) -> int:
        """The bytes of the layers that were there already."""
        return sum(layer.size_bytes for layer in self.skipped)

    @property
    def skipped(self) -> tuple[MovedLayer, ...]:
        """The layers that were there already."""
        return tuple(layer for layer in self.layers if layer.fate.was_there)

    @property
    def sentence(self) -> str:
        """What went, and what did not have to."""
        if any(layer.fate is Fate.UNKNOWN for layer in self.layers):
            whole = format_bytes(sum(layer.size_bytes for layer in self.layers))
            return (
                f"{len(self.layers)} layers ({whole}), in {format_seconds(self.seconds)}; this "
                "engine does not say which of them had to travel"
            )
        moved = len(self.layers) - len(self.skipped)
        verb = "sent" if self.verb == "push" else "fetched"
        return (
            f"{moved} of {len(self.layers)} layers {verb} ({format_bytes(self.moved_bytes)}), "
            f"{len(self.skipped)} skipped ({format_bytes(self.skipped_bytes)}), "
            f"in {format_seconds(self.seconds)}"
        )

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"$ {command}" for command in self.commands]
        lines += [
            f"  {layer.short}  {format_bytes(layer.size_bytes):>8}  {layer.fate.value}"
            for layer in self.layers
        ]
        lines += [self.sentence, f"digest: {self.digest}"]
        return "\n".join([*lines, *([self.note] if self.note else [])])
