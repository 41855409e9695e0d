"""Four Linux programs of a few dozen instructions, put together here byte by byte.

They need no library, no shell and no network, so that a container of them proves what the engine
can do before any image was fetched. Each is a static ELF file of less than 300 bytes:

    hello     writes GREETING
    read      writes each file named by its arguments, and END_OF_FILE after each
    eat       writes to EATEN_BYTES of memory, then ends with 0
    ask       asks the kernel for its IPVS family (generic netlink, which also loads the module);
              ends with IPVS_THERE or IPVS_MISSING

Sources: elf(5), syscall(2), netlink(7), linux/genetlink.h.
"""

from __future__ import annotations

import struct

GREETING = "hello from a container\n"
END_OF_FILE = "\x1e"
EATEN_BYTES = 0x4000000
IPVS_THERE = 16
IPVS_MISSING = 2

_LOAD_ADDRESS = 0x400000
_MACHINES = {"amd64": 62, "arm64": 183}
_SAME = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}

_AMD64 = {
    "hello": """
        b801000000        # mov eax, 1          write
        89c7              # mov edi, eax        to standard output
        488d3510000000    # lea rsi, [text]
        ba17000000        # mov edx, 23
        0f05              # syscall
        b83c000000        # mov eax, 60         exit
        31ff              # xor edi, edi
        0f05              # syscall
    """,
    "read": """
        488d5c2410        # lea rbx, [rsp+16]   the first argument
        488b3b            # next: mov rdi, [rbx]
        4885ff            # test rdi, rdi
        7447              # jz done
        4883c308          # add rbx, 8
        31f6              # xor esi, esi
        b802000000        # mov eax, 2          open
        0f05              # syscall
        89c5              # mov ebp, eax
        89ef              # more: mov edi, ebp
        488db42400f0ffff  # lea rsi, [rsp-4096]
        ba00100000        # mov edx, 4096
        31c0              # xor eax, eax        read
        0f05              # syscall
        85c0              # test eax, eax
        7e0d              # jle end
        bf01000000        # mov edi, 1
        89c2              # mov edx, eax
        89f8              # mov eax, edi        write
        0f05              # syscall
        ebdc              # jmp more
        bf01000000        # end: mov edi, 1
        488d3511000000    # lea rsi, [mark]
        89fa              # mov edx, edi
        89f8              # mov eax, edi        write
        0f05              # syscall
        ebb1              # jmp next
        b83c000000        # done: mov eax, 60   exit
        31ff              # xor edi, edi
        0f05              # syscall
    """,
    "eat": """
        31ff              # xor edi, edi
        be00000004        # mov esi, EATEN_BYTES
        ba03000000        # mov edx, 3          readable, writable
        41ba22000000      # mov r10d, 0x22      private, anonymous
        4983c8ff          # or r8, -1
        4531c9            # xor r9d, r9d
        b809000000        # mov eax, 9          mmap
        0f05              # syscall
        b900400000        # mov ecx, pages
        c60001            # touch: mov byte [rax], 1
        480500100000      # add rax, 4096
        ffc9              # dec ecx
        75f3              # jnz touch
        b83c000000        # mov eax, 60         exit
        31ff              # xor edi, edi
        0f05              # syscall
    """,
    "ask": """
        bf10000000        # mov edi, 16         AF_NETLINK
        be03000000        # mov esi, 3          SOCK_RAW
        ba10000000        # mov edx, 16         NETLINK_GENERIC
        b829000000        # mov eax, 41         socket
        0f05              # syscall
        89c3              # mov ebx, eax
        89df              # mov edi, ebx
        488d3537000000    # lea rsi, [question]
        ba20000000        # mov edx, 32
        4531d2            # xor r10d, r10d
        4531c0            # xor r8d, r8d
        4531c9            # xor r9d, r9d
        b82c000000        # mov eax, 44         sendto
        0f05              # syscall
        89df              # mov edi, ebx
        488db42400f0ffff  # lea rsi, [rsp-4096]
        ba00100000        # mov edx, 4096
        31c0              # xor eax, eax        read
        0f05              # syscall
        0fb6bc2404f0ffff  # movzx edi, byte [rsp-4092]  the type of the answer
        b83c000000        # mov eax, 60         exit
        0f05              # syscall
    """,
}

_ARM64 = {
    "hello": """
        200080d2 e1000010 e20280d2  # mov x0, 1; adr x1, text; mov x2, 23
        080880d2 010000d4           # mov x8, 64; svc 0            write
        000080d2 a80b80d2 010000d4  # mov x0, 0; mov x8, 93; svc 0 exit
    """,
    "read": """
        f3430091                    # add x19, sp, 16              the first argument
        618640f8 010300b4           # next: ldr x1, [x19], 8; cbz x1, done
        600c8092 020080d2           # mov x0, -100; mov x2, 0
        080780d2 010000d4 f40300aa  # mov x8, 56; svc 0; mov x20, x0   openat
        e00314aa e10740d1 020082d2  # more: mov x0, x20; sub x1, sp, 4096; mov x2, 4096
        e80780d2 010000d4           # mov x8, 63; svc 0            read
        1f0000f1 cd000054           # cmp x0, 0; b.le end
        e20300aa 200080d2           # mov x2, x0; mov x0, 1
        080880d2 010000d4 f5ffff17  # mov x8, 64; svc 0; b more    write
        200080d2 01010010 220080d2  # end: mov x0, 1; adr x1, mark; mov x2, 1
        080880d2 010000d4 e8ffff17  # mov x8, 64; svc 0; b next    write
        000080d2 a80b80d2 010000d4  # done: mov x0, 0; mov x8, 93; svc 0  exit
    """,
    "eat": """
        000080d2 0180a0d2 620080d2  # mov x0, 0; mov x1, EATEN_BYTES; mov x2, 3
        430480d2 04008092 050080d2  # mov x3, 0x22; mov x4, -1; mov x5, 0
        c81b80d2 010000d4           # mov x8, 222; svc 0           mmap
        010088d2                    # mov x1, pages
        010000f9 00044091           # touch: str x1, [x0]; add x0, x0, 4096
        210400f1 a1ffff54           # subs x1, x1, 1; b.ne touch
        000080d2 a80b80d2 010000d4  # mov x0, 0; mov x8, 93; svc 0 exit
    """,
    "ask": """
        000280d2 610080d2 020280d2  # mov x0, 16; mov x1, 3; mov x2, 16
        c81880d2 010000d4 f30300aa  # mov x8, 198; svc 0; mov x19, x0  socket
        e1010010 020480d2           # adr x1, question; mov x2, 32
        030080d2 040080d2 050080d2  # mov x3, 0; mov x4, 0; mov x5, 0
        c81980d2 010000d4           # mov x8, 206; svc 0           sendto
        e00313aa e10740d1 020082d2  # mov x0, x19; sub x1, sp, 4096; mov x2, 4096
        e80780d2 010000d4           # mov x8, 63; svc 0            read
        20104039                    # ldrb w0, [x1, 4]             the type of the answer
        a80b80d2 010000d4           # mov x8, 93; svc 0            exit
    """,
}

# nlmsghdr (length, type GENL_ID_CTRL, flags NLM_F_REQUEST, sequence, port), genlmsghdr (command
# CTRL_CMD_GETFAMILY, version 1), one attribute (length, CTRL_ATTR_FAMILY_NAME, name).
_QUESTION = struct.pack("=IHHII BBH HH8s", 32, 16, 1, 1, 0, 3, 1, 0, 9, 2, b"IPVS")

_CODE = {"amd64": _AMD64, "arm64": _ARM64}
_TAIL = {
    "hello": GREETING.encode(),
    "read": END_OF_FILE.encode(),
    "eat": b"",
    "ask": _QUESTION,
}


def architecture_of(machine: str) -> str | None:
    """Docker's name for a machine's architecture, where there are programs for it; else None."""
    return _SAME.get(machine.lower())


def other_architecture(architecture: str) -> str:
    """An architecture that is not that one, and for which there are programs."""
    return "arm64" if architecture == "amd64" else "amd64"


def program(name: str, architecture: str) -> bytes:
    """The ELF file of that program ('hello') for that architecture ('amd64', 'arm64')."""
    return _elf(_MACHINES[architecture], _assembled(_CODE[architecture][name]) + _TAIL[name])


def program_names() -> tuple[str, ...]:
    """The names of the programs."""
    return tuple(_TAIL)


def _assembled(listing: str) -> bytes:
    return bytes.fromhex("".join(line.partition("#")[0] for line in listing.splitlines()))


def _elf(machine: int, body: bytes) -> bytes:
    """An executable file of one segment, loaded whole, that starts right behind its headers."""
    header_bytes, segment_bytes = 64, 56
    start = header_bytes + segment_bytes
    size = start + len(body)
    identity = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header = identity + struct.pack(
        "<HHIQQQIHHHHHH",
        *(2, machine, 1, _LOAD_ADDRESS + start, header_bytes, 0, 0),
        *(header_bytes, segment_bytes, 1, 0, 0, 0),
    )
    readable_executable = 5
    segment = struct.pack(
        "<IIQQQQQQ",
        *(1, readable_executable, 0, _LOAD_ADDRESS, _LOAD_ADDRESS, size, size, 0x10000),
    )
    return header + segment + body
