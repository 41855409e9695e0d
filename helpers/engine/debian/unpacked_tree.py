"""A tree of unpacked packages in the cache, and how its programs are run."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import SetupFailed

_FOLDERS = ("usr/sbin", "usr/bin", "usr/libexec/docker/cli-plugins", "usr/libexec/podman")
_INTERPRETER = 3  # PT_INTERP of elf(5)


@dataclass(frozen=True)
class UnpackedTree:
    """A tree: `folder`/usr has its files; `suite` is Debian's name for where they are from.

    `note` is what a user must be told of how it was checked; empty where a key of Debian's had
    signed all of it.
    """

    folder: Path
    suite: str
    versions: Mapping[str, str]
    note: str

    @property
    def usr(self) -> Path:
        """What may stand in the place of a machine's /usr."""
        return self.folder / "usr"

    @property
    def environment(self) -> dict[str, str]:
        """What its programs need to be told where their extensions are."""
        return {"XTABLES_LIBDIR": str(next(iter(self.usr.glob("lib/*/xtables")), self.usr))}

    def program(self, name: str) -> Path:
        """Where a program of the tree is; SetupFailed where it has none of that name."""
        for folder in _FOLDERS:
            path = self.folder / folder / name
            real = path.resolve()
            if real.is_relative_to(self.folder.resolve()) and real.is_file():
                return path
        raise SetupFailed(
            f"There is no program {name} among the packages of Debian {self.suite}.",
            "Run ./workbook doctor, which looks after them.",
        )

    def command(self, name: str, *arguments: str) -> list[str]:
        """The words that run a program of the tree on any machine of its architecture.

        Its own loader runs it with its own libraries (ld.so(8)), so nothing is mounted and the
        machine's C library does not matter. A program without libraries runs by itself.
        """
        program = self.program(name)
        if not has_interpreter(program):
            return [str(program), *arguments]
        folders = [folder for folder in self.usr.glob("lib/*-linux-gnu*") if folder.is_dir()]
        loader = next((path for folder in folders for path in folder.glob("ld*.so.*")), None)
        if loader is None:
            raise SetupFailed(f"{self.folder} has no C library.", "Delete that folder.")
        path = ":".join(map(str, folders))
        return [str(loader), "--library-path", path, str(program), *arguments]

    def __hash__(self) -> int:
        return hash(self.folder)


def has_interpreter(program: Path) -> bool:
    """Whether a 64-bit program asks for a loader, as all but static ones do (elf(5))."""
    with program.open("rb") as file:
        header = file.read(64)
        if header[:5] != b"\x7fELF\x02" or len(header) < 64:
            return False
        order = "<" if header[5] == 1 else ">"
        (offset,) = struct.unpack_from(f"{order}Q", header, 32)
        size, count = struct.unpack_from(f"{order}HH", header, 54)
        file.seek(offset, os.SEEK_SET)
        table = file.read(size * count)
    starts = range(0, len(table) - 3, size or len(table) or 1)
    return any(struct.unpack_from(f"{order}I", table, at)[0] == _INTERPRETER for at in starts)
