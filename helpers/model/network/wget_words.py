"""What busybox's wget says of a connection, understood; and a script for Python that says the same.

wget is run with -S and without -q: on standard error it says which address it connects to, and the
head of the answer, two spaces before each line; or else why there is none. Source: wget.c
of busybox.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.model.network.attempt import SECONDS, Outcome, url_of

_STATUS = re.compile(r"^  (HTTP/\S+ \d{3}\b[^\r\n]*)", re.MULTILINE)
_ADDRESS = re.compile(r"^Connecting to \S+ \((\S+?)\)\s*$", re.MULTILINE)
_UNKNOWN = re.compile(r"bad address '[^'\n]*'(?:: (.*))?")
_CANNOT = re.compile(r"can't connect to remote host(?: \([^)\n]*\))?: (.*)")
# Whoever says one of these had a connection: what took it speaks no HTTP.
_NO_HTTP = ("error getting response", "bad header line", "short read", "not an http or ftp url")
_LONGEST = 120
PYTHON_SCRIPT = """\
import socket, sys
host, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
def end(words):
    sys.exit("wget: " + words)
def shown(name, number):
    return f"[{name}]:{number}" if ":" in name else f"{name}:{number}"
try:
    way = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
except OSError as error:
    end(f"bad address '{host}': {error.strerror}")
address = shown(way[4][0], port)
print(f"Connecting to {shown(host, port)} ({address})", file=sys.stderr)
link = socket.socket(way[0], way[1])
link.settimeout(seconds)
try:
    link.connect(way[4])
except TimeoutError:
    end("download timed out")
except OSError as error:
    end(f"can't connect to remote host ({address}): {error.strerror}")
got = b""
try:
    link.sendall(f"GET / HTTP/1.0\\r\\nHost: {shown(host, port)}\\r\\n\\r\\n".encode())
    while len(got) < 8192 and (piece := link.recv(8192)):
        got += piece
except TimeoutError:
    got or end("download timed out")
except OSError as error:
    got or end(f"error getting response: {error.strerror}")
head, _, body = got.decode("latin-1").partition("\\r\\n\\r\\n")
head.startswith("HTTP/") or end("error getting response")
print("\\n".join("  " + line for line in head.split("\\r\\n")), file=sys.stderr)
sys.stdout.buffer.write(body.encode("latin-1"))
"""


@dataclass(frozen=True)
class Understood:
    """What came of one run of wget."""

    outcome: Outcome
    words: str = ""
    status: str = ""
    first_line: str = ""
    address: str = ""


# wget speaks first when it has an address: before that it waits for the resolver.
SILENT = Understood(Outcome.UNKNOWN, "no resolver answered")


def wget_words(target: str, port: int) -> tuple[str, ...]:
    """What follows the name of busybox's program."""
    return ("wget", "-S", "-T", str(SECONDS), "-O", "-", url_of(target, port))


def python_words(target: str, port: int) -> tuple[str, ...]:
    """What does the same where there is only Python."""
    return ("python3", "-I", "-c", PYTHON_SCRIPT, target, str(port), str(SECONDS))


def understood(errors: str, body: str) -> Understood:
    """What came of it, by what was written on standard error and on standard output."""
    address = _address_in(errors)
    if status := _STATUS.search(errors):
        first = next((line for line in body.splitlines() if line.strip()), "")
        return Understood(Outcome.ANSWERED, "", _short(status[1]), _short(first), address)
    if unknown := _UNKNOWN.search(errors):
        return Understood(Outcome.UNKNOWN, _short(unknown[1] or "bad address"))
    words = _words_in(errors)
    if cannot := _CANNOT.search(errors):
        return Understood(_of_the_kernel(cannot[1]), _short(cannot[1]), address=address)
    if "timed out" in words:
        return Understood(Outcome.TIMED_OUT, f"no answer in {SECONDS} seconds", address=address)
    if any(mark in words for mark in _NO_HTTP):
        return Understood(Outcome.ANSWERED, words, "not in HTTP", "", address)
    return Understood(Outcome.FAILED, words or "it said nothing", address=address)


def _of_the_kernel(words: str) -> Outcome:
    """By the kernel's own words for ECONNREFUSED and ETIMEDOUT, of glibc and of musl."""
    if "Connection refused" in words:
        return Outcome.REFUSED
    return Outcome.TIMED_OUT if "timed out" in words else Outcome.FAILED


def _address_in(errors: str) -> str:
    """'172.18.0.2' of 'Connecting to desk:8000 (172.18.0.2:8000)'."""
    match = _ADDRESS.search(errors)
    return match[1].rpartition(":")[0].strip("[]") if match else ""


def _words_in(errors: str) -> str:
    """Its last line, without the program's name: programs say last why they end."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return _short(lines[-1].removeprefix("wget: ")) if lines else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[: _LONGEST - 1]}…" if len(line) > _LONGEST else line
