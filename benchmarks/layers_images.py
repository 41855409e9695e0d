"""The images of benchmarks/layers.py: how they are made, and what they hide by construction."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import tempfile
from collections.abc import Sequence

from docker import DockerClient

from helpers.engine.base.labels import LESSON
from helpers.model.image.digest import Digest
from helpers.model.image.platform import Platform

LABEL = "benchmark"
# Of the files of the first layer every tenth comes again in the last.
AGAIN = 10


def layer(files: int, total_bytes: int, seed: int, again: int | None = None) -> bytes:
    """A tar of files whose sizes spread over three powers of ten; the same for the same seed.

    With `again`, a tenth of the files are those of another layer: half of these the same, half
    with other content of the same size.
    """
    dice, buffer = random.Random(seed), io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for number, size in enumerate(sizes(files, total_bytes, seed)):
            add(archive, _name(seed, number), dice.randbytes(size))
        if again is not None:
            older = random.Random(again)
            for number, size in enumerate(sizes(files, total_bytes, again)):
                body = older.randbytes(size)
                if number % AGAIN == 0:
                    again_body = body if number % (2 * AGAIN) else body[::-1]
                    add(archive, _name(again, number), again_body)
    return buffer.getvalue()


def hidden_bytes(files: int, total_bytes: int, again: int) -> int:
    """What a last layer made with `again` hides of that other layer, in bytes."""
    return sum(sizes(files, total_bytes, again)[::AGAIN])


def sizes(files: int, total_bytes: int, seed: int) -> list[int]:
    """So many sizes that make up the total."""
    dice = random.Random(seed)
    weights = [dice.lognormvariate(0, 1.5) for _ in range(files)]
    scale = total_bytes / sum(weights)
    return [int(weight * scale) for weight in weights]


def add(archive: tarfile.TarFile, name: str, body: bytes) -> None:
    """Adds a file."""
    member = tarfile.TarInfo(name)
    member.size = len(body)
    archive.addfile(member, io.BytesIO(body))


def _name(part: int, number: int) -> str:
    return f"data/part-{part}/{number // 50:04}/file_{number:06}.bin"


def load(client: DockerClient, tag: str, layers: Sequence[bytes]) -> None:
    """An image with just these layers, packed with gzip as registries have them.

    It is loaded and not built: a builder may leave out what a layer has again unchanged.
    """
    config = {
        "os": "linux",
        "architecture": Platform.here().architecture,
        "config": {"Labels": {LESSON: LABEL}},
        "rootfs": {"type": "layers", "diff_ids": [str(Digest.of(each)) for each in layers]},
        "history": [{"created_by": f"ADD {number}.tar /"} for number in range(len(layers))],
    }
    names = [f"{number}.tar" for number in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": [tag], "Layers": names}]
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for name, data in zip(names, layers, strict=True):
                add(archive, name, gzip.compress(data, 1, mtime=0))
            add(archive, "config.json", json.dumps(config).encode())
            add(archive, "manifest.json", json.dumps(manifest).encode())
        file.seek(0)
        client.api.load_image(file)


def remove_all(client: DockerClient) -> None:
    """Nothing of them is left on the engine."""
    for image in client.images.list(filters={"label": f"{LESSON}={LABEL}"}):
        client.images.remove(image.id, force=True)
