"""The mount namespace in which a private engine's programs run: the host's files, and over /usr
those of the packages that were unpacked for it.

So the engine has the libraries that it was built with, whatever the machine has, and yet sees the
machine's files, as bind mounts need it. Of the machine's /usr stay visible what is data (share,
with certificates and time zones; src), what is the machine's own (local), the kernel's modules, and
the machine's name (os-release).
The mounts vanish with the last process inside; the machine sees none of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.private.processes import program
from helpers.errors import SetupFailed

_OF_HOST = ("local", "src", "share")
# All is laid ready on a tmpfs and goes over /usr last, since from then on the machine's own
# programs, `mount` among them, are no longer there. ld.so.cache names libraries of the machine.
_ENTER = f"""
usr=$1 place=$2; shift 2
mount -t tmpfs -o mode=755 docker-workbook "$place"
mkdir "$place/usr" "$place/host-usr"
mount --rbind /usr "$place/host-usr"
mount --bind "$usr" "$place/usr"
for kept in {" ".join(_OF_HOST)}; do
    if [ -d "/usr/$kept" ]; then mount --rbind "/usr/$kept" "$place/usr/$kept"; fi
done
if [ -d /lib/modules ]; then mount --rbind /lib/modules "$place/usr/lib/modules"; fi
if [ -e /usr/lib/os-release ]; then mount --bind /usr/lib/os-release "$place/usr/lib/os-release"; fi
if [ -e /etc/ld.so.cache ]; then mount --bind /dev/null /etc/ld.so.cache; fi
mount --rbind "$place/usr" /usr
exec "$@"
"""


@dataclass(frozen=True)
class MountNamespace:
    """The namespace of an unpacked /usr, put together on an empty folder, `mount_point`."""

    usr: Path
    mount_point: Path

    def prepare(self) -> None:
        """What is mounted on is there, and the link by which a Linux without /usr/lib64 finds the
        programs' loader.
        """
        self.mount_point.mkdir(parents=True, exist_ok=True)
        for folder in (*_OF_HOST, "lib/modules"):
            (self.usr / folder).mkdir(parents=True, exist_ok=True)
        (self.usr / "lib/os-release").touch()
        for loader in self.usr.glob("lib64/ld-linux*"):
            link = self.usr / "lib" / loader.name
            if not link.exists():
                link.symlink_to(Path("../lib64", loader.name))

    def entering(self, *words: str) -> list[str]:
        """The command that runs a program, by its absolute path, in a new such namespace."""
        unshare, shell = _tool("unshare"), _tool("sh")
        options = [unshare, "--mount", "--propagation", "slave"]
        return [*options, shell, "-ec", _ENTER, "sh", str(self.usr), str(self.mount_point), *words]

    def joining(self, pid: int, *words: str) -> list[str]:
        """The command that runs a program in the namespace that this process is in."""
        return [_tool("nsenter"), f"--mount=/proc/{pid}/ns/mnt", *words]

    def of_host(self, path: str) -> str:
        """Where a program of the machine is found in the namespace."""
        inside = os.path.relpath(os.path.realpath(path), "/usr")
        if inside.startswith(("../", *(f"{folder}/" for folder in _OF_HOST))):
            return path
        return str(self.mount_point / "host-usr" / inside)


def _tool(name: str) -> str:
    """The path of a program of util-linux."""
    path = program(name)
    if path is None:
        raise SetupFailed(
            f"The program {name} is not installed, and the private engine starts by it.",
            "Install util-linux, which has it, or use an engine of your own (DOCKER_HOST).",
        )
    return path
