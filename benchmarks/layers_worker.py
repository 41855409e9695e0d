"""One measurement of benchmarks/layers.py, in a process of its own: prints JSON.

layers_worker.py drain|save|stream|storage|dive HOST IMAGE
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import docker
from docker import DockerClient

from helpers.engine.layers import analyse
from helpers.model.layers.image_layers import ImageLayers

LOOKS = 5
# Runs a program and prints the most memory that it took: what the kernel tells of a child begins
# with the process that started it, so that is the smallest there is.
MEASURED = """
import os, sys
child = os.fork()
if not child:
    os.execv(sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(used.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""


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


def save(host: str, name: str) -> None:
    """`docker save IMAGE | cat`, thrown away."""
    line = f'set -o pipefail; docker --host "{host}" save "{name}" | cat > /dev/null'
    subprocess.run(["bash", "-c", line], check=True)


def dive(host: str, name: str) -> dict[str, float]:
    """What the program `dive` makes of the image: its figure of waste, its own peak of memory."""
    program = shutil.which("dive", path=str(Path(sys.executable).parent)) or shutil.which("dive")
    assert program, "there is no dive: install tests/requirements.txt, on Linux"
    with tempfile.TemporaryDirectory(prefix="wb-benchmark-") as folder:
        answer, peak = Path(folder, "answer.json"), Path(folder, "peak")
        words = [program, "--json", str(answer), name]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", MEASURED, str(peak), *words],
            env=os.environ | {"DOCKER_HOST": host},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        wasted = json.loads(answer.read_bytes())["image"]["inefficientBytes"]
        return {"wasted": wasted, "peak_bytes": int(peak.read_text()) * 1024}


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


def ours(host: str, name: str, use_storage: bool) -> dict[str, float]:
    """A first look, and the middle one of some further looks."""
    client = docker.DockerClient(base_url=host, version="auto", timeout=1800)
    before, started = peak_bytes(), time.perf_counter()
    image = look(client, name, use_storage)
    seconds = time.perf_counter() - started
    found = {"files": len(image.files()), "wasted": image.wasted_bytes, "seconds": seconds}
    found |= {"peak_bytes": peak_bytes(), "start_bytes": before}
    del image
    looks = []
    for _ in range(LOOKS):
        again = time.perf_counter()
        look(client, name, use_storage)
        looks.append(time.perf_counter() - again)
    return found | {"second": sorted(looks)[LOOKS // 2]}


def main() -> None:
    """Prints seconds, and what else each way tells."""
    what, host, name = sys.argv[1:]
    started = time.perf_counter()
    if what in ("stream", "storage"):
        found = ours(host, name, what == "storage")
    else:
        found = {"drain": drain, "save": save, "dive": dive}[what](host, name) or {}
        found["seconds"] = time.perf_counter() - started
    print(json.dumps(found))


if __name__ == "__main__":
    main()
