"""What the docker command writes down of a build that it carried out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Source: moby/buildkit, `exporter/containerimage/exptypes`; the first is what `-q` prints, where
# it is told (docker/buildx, `commands/build.go`, getImageID).
_DIGESTS = ("containerimage.config.digest", "containerimage.digest")


class BuildMetadata:
    """A file that `docker build --metadata-file` writes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def words(self) -> tuple[str, ...]:
        """The option that has it written."""
        return ("--metadata-file", str(self._path))

    @property
    def digests(self) -> tuple[str, ...]:
        """By what the image may be known, as `-q` prints it first; nothing where it is not told."""
        try:
            document = json.loads(self._path.read_bytes())
            return tuple(str(document[name]) for name in _DIGESTS if document.get(name))
        except (OSError, ValueError, AttributeError, RecursionError):
            return ()


@contextmanager
def build_metadata() -> Iterator[BuildMetadata]:
    """Such a file for one build, gone behind the block."""
    with tempfile.TemporaryDirectory(prefix="docker-workbook-") as folder:
        yield BuildMetadata(Path(folder) / "metadata.json")
