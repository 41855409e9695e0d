"""Chromium that does not watch the machine's network, for a machine where containers come and go.

Chromium follows the network interfaces over netlink, and at every change of an address breaks off
what is under way (ERR_NETWORK_CHANGED). A container that starts or stops is such a change, so on a
machine with an engine a page would lose requests and kernel messages at random. Here the browser's
process is refused netlink sockets by a seccomp filter, and then it does not follow anything.

As a program it puts the filter on itself and becomes the browser: steady_browser.py BROWSER WORD…
Source of the formats: linux/filter.h, linux/seccomp.h, prctl(2), seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import shlex
import socket
import struct
import sys
from pathlib import Path

SOCKET_CALL = {"x86_64": 41, "aarch64": 198}  # the number of socket(2)
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
NUMBER_AT, FIRST_ARGUMENT_AT = 0, 16  # offsets in struct seccomp_data
REFUSE, ALLOW = 0x0005_0000 | errno.EAFNOSUPPORT, 0x7FFF_0000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER_MODE = 38, 22, 2  # of prctl(2)


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def steady(browser: str, folder: Path) -> str:
    """A program that starts this browser without netlink; the browser itself off Linux."""
    if sys.platform != "linux" or platform.machine() not in SOCKET_CALL:
        return browser
    words = [sys.executable, __file__, browser]
    script = folder / "browser"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return str(script)


def refuse_netlink() -> None:
    """From here on this process and its children get no netlink socket; raises OSError."""
    steps = [
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_IF_EQUAL, 0, 3, SOCKET_CALL[platform.machine()]),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_IF_EQUAL, 0, 1, socket.AF_NETLINK),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    for words in (
        (NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        (SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0),
    ):
        if libc.prctl(*words) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    refuse_netlink()
    os.execv(sys.argv[1], sys.argv[1:])
