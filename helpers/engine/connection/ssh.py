"""The way to an engine over SSH, as the docker command goes it: by the machine's own `ssh`."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import IO

from helpers.engine.connection.address import Address

NO_PROGRAM = "there is no ssh program"
_CONNECT_SECONDS = 30
_SETTINGS_SECONDS = 5
_SAY_SECONDS, _END_SECONDS = 1, 5
_LONGEST_MESSAGE_BYTES = 4000
_PIECE_BYTES = 1 << 16
# Windows gives no socket to a process as its input.
_BY_PIPES = os.name == "nt"


class SshDial:
    """Connections to a machine, each through an `ssh` of its own that runs docker there.

    There, `docker system dial-stdio` speaks to the engine. No terminal is asked for a password:
    keys, agents and settings are those of ssh.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._running: list[subprocess.Popen[bytes]] = []
        self._messages: IO[bytes] | None = None
        self._lock = threading.Lock()

    def connect(self) -> socket.socket:
        """One end of a pair of sockets, whose other is what `ssh` reads and writes."""
        words = [_program(), *_words(self._address), "--", self._address.machine, *self._there()]
        messages = tempfile.TemporaryFile()  # noqa: SIM115
        process, ours = _started(words, messages)
        with self._lock:
            self._running = [one for one in self._running if one.poll() is None] + [process]
            before, self._messages = self._messages, messages
        if before:
            before.close()
        return ours

    def machine(self) -> str:
        """The host that the address is short for in ssh's settings; else the address's own."""
        words = [*_words(self._address), "-G", "--", self._address.machine]
        with suppress(OSError, subprocess.SubprocessError):
            settings = subprocess.run(
                [_program(), *words], stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=_SETTINGS_SECONDS,
            )  # fmt: skip
            for line in settings.stdout.splitlines():
                name, _, value = line.partition(" ")
                if name == "hostname" and value:
                    return value.strip("[]")
        return self._address.machine

    def complaint(self) -> str:
        """What the last `ssh` wrote on standard error, once it has ended."""
        with self._lock:
            process, messages = self._running[-1] if self._running else None, self._messages
        if process is None or messages is None:
            return ""
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SAY_SECONDS)
        messages.seek(0)
        return messages.read(_LONGEST_MESSAGE_BYTES).decode(errors="replace").strip()

    def close(self) -> None:
        """Ends every `ssh` of these connections, and waits for them."""
        with self._lock:
            running, self._running = self._running, []
            messages, self._messages = self._messages, None
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if messages:
            messages.close()

    def _there(self) -> list[str]:
        """What is run there; a path in the address is the engine's socket on that machine."""
        socket_words = ["--host", shlex.quote(f"unix://{self._address.path}")]
        return ["docker", *(socket_words if self._address.path else []), "system", "dial-stdio"]


def _program() -> str:
    path = shutil.which("ssh")
    if path is None:
        raise FileNotFoundError(NO_PROGRAM)
    return path


def _words(address: Address) -> list[str]:
    user = ["-l", address.user] if address.user else []
    port = ["-p", str(address.port)] if address.port else []
    return ["-o", f"ConnectTimeout={_CONNECT_SECONDS}", "-T", *user, *port]


def _started(
    words: list[str], messages: IO[bytes]
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The process, and the socket that it reads and writes."""
    ours, theirs = socket.socketpair()
    stream: int = subprocess.PIPE if _BY_PIPES else theirs.fileno()
    try:
        process = subprocess.Popen(
            words,
            stdin=stream,
            stdout=stream,
            stderr=messages,
            bufsize=0,
            # In a session of its own: Ctrl-C is not for it, and it asks no terminal for a password.
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        theirs.close()
        messages.close()
        raise
    if _BY_PIPES:
        _carry(theirs, process)
    else:
        theirs.close()
    return process, ours


def _carry(theirs: socket.socket, process: subprocess.Popen[bytes]) -> None:
    """Two threads between a socket and the pipes of a process, until either ends."""
    into, out = process.stdin, process.stdout
    assert into is not None
    assert out is not None

    def send() -> None:
        with suppress(OSError), into:
            while piece := theirs.recv(_PIECE_BYTES):
                into.write(piece)

    def receive() -> None:
        with suppress(OSError), out:
            while piece := os.read(out.fileno(), _PIECE_BYTES):
                theirs.sendall(piece)
        with suppress(OSError):
            theirs.shutdown(socket.SHUT_RDWR)

    for work in (send, receive):
        threading.Thread(target=work, name="docker over SSH", daemon=True).start()
