"""The learner's files that a kubectl command names, as they go into the cluster's container."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from helpers.engine.base.project_files import project_path
from helpers.errors import InvalidInput
from helpers.model.kubernetes.kubectl_words import LocalFile, local_files

# The API server takes no object of more than some MB; a whole project in a folder is a mistake.
MOST_BYTES = 16_000_000
MOST_FILES = 500


@dataclass(frozen=True)
class SentFiles:
    """The command's words as they are there, and {path in the container's folder: path here}."""

    words: tuple[str, ...]
    files: dict[str, Path]

    def archive(self, folder: str) -> bytes:
        """All of them as a tar for the folder, which is made by it; raises InvalidInput."""
        whole, total = io.BytesIO(), 0
        with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.addfile(_folder(folder.strip("/")))
            for inside, path in self.files.items():
                data = path.read_bytes()
                total += len(data)
                if total > MOST_BYTES:
                    raise _too_much(path)
                entry = tarfile.TarInfo(f"{folder.strip('/')}/{inside}")
                entry.size, entry.mode = len(data), 0o644
                tar.addfile(entry, io.BytesIO(data))
        return whole.getvalue()


def sent_files(words: Sequence[str]) -> SentFiles:
    """What goes along with these words; a path that is not here is left to kubectl to refuse.

    A file keeps its path relative to the notebook's folder. One that is elsewhere gets a name of
    its own, and its word in the command that name.
    """
    changed, files = list(words), dict[str, Path]()
    for number, file in enumerate(local_files(words)):
        paths = [_placed(each, f"file-{number}-{n}", files) for n, each in enumerate(_listed(file))]
        changed[file.at] = file.before + ",".join(paths)
    return SentFiles(tuple(changed), files)


def _listed(file: LocalFile) -> list[str]:
    """`-f a.yaml,b.yaml` are two; a key's file is one, whatever is in its name."""
    return [file.path] if "=" in file.before else file.path.split(",")


def _placed(path: str, name: str, files: dict[str, Path]) -> str:
    here = project_path(path)
    if not here.exists():
        return path
    inside = os.path.normpath(path)
    if PurePath(inside).is_absolute() or inside.startswith(("..", "~")):
        inside = f"{name}/{here.resolve().name}"
    inside = PurePath(inside).as_posix()
    inner = [here] if here.is_file() else sorted(each for each in here.rglob("*") if each.is_file())
    for each in inner:
        files[inside if each == here else f"{inside}/{each.relative_to(here).as_posix()}"] = each
        if len(files) > MOST_FILES:
            raise _too_much(here)
    return inside


def _too_much(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path} is more than a command can send to the cluster.",
        "Name the file, or a folder that has the manifests and nothing else.",
    )


def _folder(name: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, 0o700
    return entry
