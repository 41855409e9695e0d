"""One guest on /dev/kvm; run as a script, it says 'yes' or 'no' and the reason.

The device can be there and be of no use: no permission, no nested virtualisation, or a kernel that
emulates a guest's instructions one by one and gives up at the first that it does not know. So a
guest of one virtual CPU in 64-bit mode uses an SSE register (every kernel and program does),
counts to eight million (the processor needs some milliseconds, an emulator many seconds) and
writes a byte to a port. Standard library only, since it runs without the environment.

Source: the kernel's Documentation/virt/kvm/api.rst; Intel's manual, volume 3, chapters 4 and 10.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mmap

DEVICE = Path("/dev/kvm")
EXIT_PORT, EXIT_HALT, EXIT_SHUTDOWN, EXIT_INTERNAL = 2, 5, 8, 17
GUEST_BYTE = b"K"

_CREATE_VM, _RUN_BYTES = 0xAE01, 0xAE04
_CREATE_VCPU, _SET_TSS_ADDRESS, _SET_MEMORY = 0xAE41, 0xAE47, 0x4020AE46
_RUN, _SET_REGISTERS = 0xAE80, 0x4090AE82
_GET_SYSTEM, _SET_SYSTEM, _SYSTEM_BYTES = 0x8138AE83, 0x4138AE84, 312
_MEMORY_BYTES = 0x8000
_CODE_AT, _TABLES_AT = 0x1000, 0x2000
_GUEST = bytes.fromhex(
    "660fefc0"  # pxor xmm0, xmm0
    "b900008000"  # mov ecx, 0x800000
    "ffc9"  # count: dec ecx
    "75fc"  # jnz count
    "baf8030000"  # mov edx, 0x3f8
    "b04b"  # mov al, 'K'
    "ee"  # out dx, al
    "f4"  # hlt
)
Exit = tuple[int, bytes]


def verdict(exits: list[Exit]) -> tuple[bool, str]:
    """Whether a guest that was left for these reasons ran as it should, and that in words."""
    if exits == [(EXIT_PORT, GUEST_BYTE), (EXIT_HALT, b"")]:
        return True, "A guest ran on the processor itself."
    last = exits[-1][0] if exits else None
    if last == EXIT_INTERNAL:
        return False, "/dev/kvm exists, but only emulates, and stops at ordinary instructions."
    return False, f"/dev/kvm exists, but does not run an ordinary guest (exit reason {last})."


def main() -> int:
    """Tries one guest and prints the verdict."""
    try:
        works, reason = verdict(_exits())
    except PermissionError:
        works, reason = False, "/dev/kvm exists, but this user may not open it (group kvm)."
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "an error")
        works, reason = False, f"/dev/kvm exists, but answers {name}: {error.strerror}."
    print("yes" if works else "no", reason)
    return 0


def _exits() -> list[Exit]:
    """Why the guest was left, one time after the other, with the byte it wrote to its port."""
    import fcntl
    import mmap

    device = os.open(DEVICE, os.O_RDWR | os.O_CLOEXEC)
    machine = fcntl.ioctl(device, _CREATE_VM, 0)
    memory = mmap.mmap(-1, _MEMORY_BYTES)
    _fill(memory)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    # Intel's processors need three pages that the guest does not use.
    fcntl.ioctl(machine, _SET_TSS_ADDRESS, 0x7FFF0000)
    fcntl.ioctl(machine, _SET_MEMORY, struct.pack("<IIQQQ", 0, 0, 0, _MEMORY_BYTES, address))
    processor = fcntl.ioctl(machine, _CREATE_VCPU, 0)
    system = bytearray(_SYSTEM_BYTES)
    fcntl.ioctl(processor, _GET_SYSTEM, system)
    _enter_64_bit_mode(system)
    fcntl.ioctl(processor, _SET_SYSTEM, system)
    fcntl.ioctl(processor, _SET_REGISTERS, struct.pack("<18Q", *[0] * 16, _CODE_AT, 2))
    with mmap.mmap(processor, fcntl.ioctl(device, _RUN_BYTES, 0)) as shared:
        exits: list[Exit] = []
        while len(exits) < 4 and (not exits or exits[-1][0] == EXIT_PORT):
            fcntl.ioctl(processor, _RUN, 0)
            exits.append(_exit(shared))
    return exits


def _exit(shared: mmap.mmap) -> Exit:
    """The exit reason of a kvm_run structure; for a port, what was written there."""
    (reason,) = struct.unpack_from("<I", shared, 8)
    if reason != EXIT_PORT:
        return reason, b""
    size, offset = struct.unpack_from("<xBxxxxxxQ", shared, 32)
    return reason, shared[offset : offset + size]


def _fill(memory: mmap.mmap) -> None:
    """The guest's code, and page tables that show it the first 2 MiB as they are."""
    memory[_CODE_AT : _CODE_AT + len(_GUEST)] = _GUEST
    present_writable, large = 0b11, 0x80
    for level in range(2):
        table = _TABLES_AT + level * 0x1000
        struct.pack_into("<Q", memory, table, (table + 0x1000) | present_writable)
    struct.pack_into("<Q", memory, _TABLES_AT + 0x2000, present_writable | large)


def _enter_64_bit_mode(system: bytearray) -> None:
    """Sets a kvm_sregs structure: six flat segments, then the control registers."""
    code, data = 11, 3
    for index in range(6):
        is_code = index == 0
        segment = struct.pack(
            "<QIH10B",
            *(0, 0xFFFFFFFF, 8 if is_code else 16, code if is_code else data),
            *(1, 0, 0 if is_code else 1, 1, 1 if is_code else 0, 1, 0, 0, 0),
        )
        struct.pack_into("<24s", system, index * 24, segment)
    protected_paging, addresses_and_sse, long_mode = 0x80050033, 0x620, 0x500
    struct.pack_into(
        "<6Q", system, 224, protected_paging, 0, _TABLES_AT, addresses_and_sse, 0, long_mode
    )


if __name__ == "__main__":
    sys.exit(main())
