"""One measurement of benchmarks/layers.py, in a process of its own: prints JSON.

layers_worker.py drain|stream|storage|peer HOST IMAGE
"""

from __future__ import annotations

import io
import json
import resource
import socket
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast
from urllib.parse import urlsplit

import docker
from docker import DockerClient

from helpers.engine.layers import analyse
from helpers.model.layers.image_layers import ImageLayers

LOOKS = 5


def drain(host: str, name: str) -> dict[str, float]:
    """The engine's save stream thrown away: its bytes, and the seconds until the first of them.

    HTTP/1.0, so that nothing is parsed.
    """
    started = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(urlsplit(host).path)
        connection.sendall(f"GET /images/{name}/get HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        buffer = bytearray(1 << 20)
        total = connection.recv_into(buffer)
        while bytes(buffer[total - 4 : total]) == b"\r\n\r\n":  # the head alone, before the body
            total = connection.recv_into(buffer)
        first = time.perf_counter() - started
        while count := connection.recv_into(buffer):
            total += count
    return {"bytes": total, "first_byte": first}


class Readable(io.RawIOBase):
    """The chunks of docker-py's get_image as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def read(self, count: int = -1) -> bytes:
        """The next so many bytes."""
        while len(self._left) < count and (chunk := next(self._chunks, b"")):
            self._left += chunk
        taken, self._left = self._left[:count], self._left[count:]
        return taken


def peer(client: DockerClient, name: str) -> int:
    """The number of files by docker-py and tarfile, as one would write it at first."""
    stream = cast("IO[bytes]", Readable(iter(client.images.get(name).save())))
    count = 0
    with tarfile.open(fileobj=stream, mode="r|") as outer:
        for member in outer:
            if member.name.endswith("layer.tar") and (body := outer.extractfile(member)):
                with tarfile.open(fileobj=body, mode="r|") as layer:
                    count += sum(1 for _ in layer)
    return count


def look(client: DockerClient, name: str, use_storage: bool) -> ImageLayers:
    """The image, with everything that is ever asked of it."""
    image = analyse(client, name, use_storage=use_storage)
    assert image.files()
    assert image.efficiency <= 1
    assert image.wasted() is not None
    return image


def peak_bytes() -> int:
    """The most memory that this process has had; the kernel's figure, where it tells one.

    What getrusage says begins with that of the process which started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Prints seconds, the seconds of a second look, files, wasted bytes and the most memory."""
    what, host, name = sys.argv[1:]
    client = docker.DockerClient(base_url=host, version="auto", timeout=1800)
    before = peak_bytes()
    found: dict[str, float] = {}
    started = time.perf_counter()
    if what == "drain":
        found |= drain(host, name)
    elif what == "peer":
        found["files"] = peer(client, name)
    else:
        image = look(client, name, what == "storage")
        found |= {"files": len(image.files()), "wasted": image.wasted_bytes}
    found["seconds"] = time.perf_counter() - started
    found["peak_bytes"] = peak_bytes()
    found["start_bytes"] = before
    if what in ("stream", "storage"):
        looks = []
        for _ in range(LOOKS):
            again = time.perf_counter()
            look(client, name, what == "storage")
            looks.append(time.perf_counter() - again)
        found["second"] = sorted(looks)[LOOKS // 2]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
