"""The kernel's capabilities: their numbers, names, and what each allows (capabilities(7))."""

from __future__ import annotations

from collections.abc import Iterable

# In the order of their numbers, as <linux/capability.h> has them.
ALLOWS = {
    "CAP_CHOWN": "gives files to other owners and groups",
    "CAP_DAC_OVERRIDE": "reads, writes and enters whatever the permission bits say",
    "CAP_DAC_READ_SEARCH": "reads files and lists folders whatever the permission bits say",
    "CAP_FOWNER": "does to others' files what only their owner may: mode, times, removal",
    "CAP_FSETID": "keeps setuid and setgid bits where the kernel would clear them",
    "CAP_KILL": "sends signals to other users' processes",
    "CAP_SETGID": "takes on any group",
    "CAP_SETUID": "becomes any user",
    "CAP_SETPCAP": "gives away capabilities, or shuts them out for good",
    "CAP_LINUX_IMMUTABLE": "marks files as append-only or unchangeable",
    "CAP_NET_BIND_SERVICE": "listens on ports below 1024",
    "CAP_NET_BROADCAST": "nothing: the kernel never asks for it",
    "CAP_NET_ADMIN": "sets up interfaces, addresses, routes and the firewall of its network",
    "CAP_NET_RAW": "makes and reads raw packets, as ping and tcpdump do",
    "CAP_IPC_LOCK": "keeps memory from being swapped out, without a limit",
    "CAP_IPC_OWNER": "uses other users' shared memory, semaphores and queues",
    "CAP_SYS_MODULE": "loads code into the kernel, which is the host's",
    "CAP_SYS_RAWIO": "speaks to devices and memory past the kernel",
    "CAP_SYS_CHROOT": "takes another folder as its root",
    "CAP_SYS_PTRACE": "looks into other users' processes, and changes them",
    "CAP_SYS_PACCT": "turns the record of ended processes on and off",
    "CAP_SYS_ADMIN": "mounts, makes namespaces, names the host, and much more",
    "CAP_SYS_BOOT": "restarts the machine or loads another kernel",
    "CAP_SYS_NICE": "takes more of the CPU's time than others",
    "CAP_SYS_RESOURCE": "goes beyond limits on resources and disk quotas",
    "CAP_SYS_TIME": "sets the clock, which is the host's",
    "CAP_SYS_TTY_CONFIG": "hangs up and configures terminals",
    "CAP_MKNOD": "makes device files",
    "CAP_LEASE": "holds leases on files of others",
    "CAP_AUDIT_WRITE": "writes into the kernel's audit log",
    "CAP_AUDIT_CONTROL": "changes the rules of the kernel's audit",
    "CAP_SETFCAP": "gives capabilities to program files",
    "CAP_MAC_OVERRIDE": "goes past mandatory access control (Smack)",
    "CAP_MAC_ADMIN": "changes the rules of mandatory access control (Smack)",
    "CAP_SYSLOG": "steers the kernel's log, and reads addresses out of it",
    "CAP_WAKE_ALARM": "sets alarms that wake the machine up",
    "CAP_BLOCK_SUSPEND": "keeps the machine from going to sleep",
    "CAP_AUDIT_READ": "reads the kernel's audit log",
    "CAP_PERFMON": "watches the performance of all processes",
    "CAP_BPF": "loads programs of BPF into the kernel",
    "CAP_CHECKPOINT_RESTORE": "freezes processes into files and brings them back",
}
NAMES = tuple(ALLOWS)


def name_of(number: int) -> str:
    """The name of the capability with that number; 'CAP_41' where it is newer than this list."""
    return NAMES[number] if number < len(NAMES) else f"CAP_{number}"


def names_in(mask: int) -> frozenset[str]:
    """The names whose bits are set, as in `CapEff` of /proc/PID/status."""
    return frozenset(name_of(number) for number in range(mask.bit_length()) if mask >> number & 1)


def known_to(last: int | None) -> tuple[str, ...]:
    """All that a kernel has whose /proc/sys/kernel/cap_last_cap that is; None: all named here."""
    return NAMES if last is None else tuple(name_of(number) for number in range(last + 1))


def short(name: str) -> str:
    """The name as `docker run --cap-add` takes it: 'CHOWN'."""
    return name.removeprefix("CAP_")


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of their numbers."""
    known = {name: number for number, name in enumerate(NAMES)}
    return tuple(sorted(names, key=lambda name: (known.get(name, len(known)), name)))
