"""A stand-in for the `ssh` program, which carries bytes to an engine's socket on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

# What docker does there, `docker system dial-stdio`: standard input to the engine, and back.
_PROGRAM = """\
#!{python} -I
import json, os, socket, sys, threading
words = sys.argv[1:]
folder = {folder!r}
if "-G" in words:
    print("user somebody")
    print("hostname {machine}")
    sys.exit()
with open(folder + "/asked", "a") as asked:
    asked.write(json.dumps(words) + "\\n")
if os.path.exists(folder + "/complaint"):
    sys.stderr.write(open(folder + "/complaint").read())
    sys.exit(255)
engine = socket.socket(socket.AF_UNIX)
engine.connect({engine!r})
def send():
    while piece := os.read(0, 65536):
        engine.sendall(piece)
    engine.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while piece := engine.recv(65536):
    while piece:
        piece = piece[os.write(1, piece):]
os._exit(0)
"""


class SshProgram:
    """A folder for the PATH with an `ssh` in it; `machine` is what its settings call the host."""

    def __init__(self, folder: Path, engine: str, machine: str = "127.0.0.1") -> None:
        self.folder = folder
        text = _PROGRAM.format(
            python=sys.executable, folder=str(folder), machine=machine,
            engine=engine.removeprefix("unix://"),
        )  # fmt: skip
        program = folder / "ssh"
        program.write_text(text)
        program.chmod(0o755)

    def complain(self, text: str) -> None:
        """From now on it writes that on standard error and ends, as ssh does."""
        (self.folder / "complaint").write_text(text)

    @property
    def asked(self) -> list[str]:
        """The words of each call, as JSON."""
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []
