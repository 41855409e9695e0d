"""For each capability an act that needs it and can hurt nobody, be it allowed or not.

An act runs in a folder of its own in the container, in which another user has left `theirs`, a
file, and `ours`, a file of the container's user with a group that it is not in; `$p` is a process
of that user. An act that would change something asks for what the kernel refuses with another word
once the right was there (adjtimex(2) checks the right first, the value afterwards), or sets what is
set already.
"""

from __future__ import annotations

from dataclasses import dataclass

UNTOUCHED = "nothing that it allows is harmless here"
NO_TOOL = "busybox has no command that needs it and nothing else"


@dataclass(frozen=True)
class Act:
    """One act: `line` is what a reader sees, `script` what a shell runs; `$b` is busybox.

    It is allowed where the script ends with 0 or prints one of `passes`, which is what the kernel
    says after the right was there. `needs` are others that it needs as well, `instead` others that
    allow it too. `of_the_host` ones count only in the host's user namespace.
    """

    line: str
    script: str
    passes: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    instead: frozenset[str] = frozenset()
    of_the_host: bool = False


def _without_number(script: str) -> str:
    """The script, whose words say PID for the number of the process, so that each run agrees."""
    return f'o=$( {script} 2>&1); r=$?; echo "$o" | $b sed "s/$p/PID/"; [ $r = 0 ]'


ACTS = {
    "CAP_CHOWN": Act("chown 1:1 file", ": > f; $b chown 1:1 f"),
    "CAP_DAC_OVERRIDE": Act(
        "chmod 000 file; echo x > file", ": > f; $b chmod 000 f; (echo x > f)"
    ),
    "CAP_DAC_READ_SEARCH": Act(
        "chmod 000 file; cat file",
        ": > f; $b chmod 000 f; $b cat f",
        instead=frozenset({"CAP_DAC_OVERRIDE"}),
    ),
    "CAP_FOWNER": Act("chmod 644 a-file-of-others", "$b chmod 644 theirs"),
    "CAP_FSETID": Act(
        "chmod g+s a-file-of-another-group",
        '$b chmod 2755 ours && if [ -g ours ]; then echo "the bit is there"; '
        'else echo "no error, and yet not permitted: the kernel left the bit out"; false; fi',
    ),
    "CAP_KILL": Act("kill -0 a-process-of-others", _without_number("kill -0 $p")),
    "CAP_SETGID": Act(
        "start-stop-daemon -S -c :12345 -a true",
        "$b start-stop-daemon -S -c :12345 -n wb-none -a $b -- true",
    ),
    "CAP_SETUID": Act(
        "start-stop-daemon -S -c another-user -a true",
        'u=$($b awk -F: \'$3 > 0 {print $1; exit}\' /etc/passwd); '
        '[ "$u" ] || { echo "/etc/passwd has no other user"; exit 127; }; '
        "$b start-stop-daemon -S -c $u -n wb-none -a $b -- true",
        needs=frozenset({"CAP_SETGID"}),
    ),
    "CAP_LINUX_IMMUTABLE": Act(
        "chattr +a file", ": > f; $b chattr +a f && $b chattr -a f", of_the_host=True
    ),
    "CAP_NET_BIND_SERVICE": Act(
        "httpd -f -p 127.0.0.1:1023",
        "s=$($b cat /proc/sys/net/ipv4/ip_unprivileged_port_start); "
        '[ "$s" -le 1023 ] && echo "(here anyone may, from port $s on)"; '
        '$b timeout 1 $b httpd -f -p 127.0.0.1:1023 -h .; [ $? = 143 ] && echo "it listened"',
        passes=("in use",),
    ),
    "CAP_NET_ADMIN": Act(
        "ip link set dev lo mtu the-one-it-has",
        "$b ip link set dev lo mtu $($b ip link show dev lo | "
        "$b sed -n 's/.* mtu \\([0-9]*\\) .*/\\1/p')",
    ),
    "CAP_NET_RAW": Act(
        "arping -c 1 -w 1 -I lo 127.0.0.1",
        "$b arping -c 1 -w 1 -I lo 127.0.0.1",
        passes=("not ARPable",),
    ),
    "CAP_SYS_MODULE": Act(
        "insmod no-module.ko",
        "echo 'This is no module.' > no.ko; $b insmod no.ko",
        passes=("nvalid module format", "xec format", "nvalid argument"),
        of_the_host=True,
    ),
    "CAP_SYS_CHROOT": Act("chroot / true", "$b chroot / $b true"),
    "CAP_SYS_PTRACE": Act(
        "cd /proc/a-process-of-others/cwd", _without_number("(cd /proc/$p/cwd)")
    ),
    "CAP_SYS_ADMIN": Act(
        "mount -t tmpfs none folder; umount folder",
        "$b mkdir m && $b mount -t tmpfs none m && $b umount m",
    ),
    "CAP_SYS_NICE": Act("renice -n -1 itself", "$b renice -n -1 -p $$", of_the_host=True),
    "CAP_SYS_RESOURCE": Act(
        "ulimit -Hc 0; ulimit -Hc 1", "(ulimit -Hc 0; ulimit -Hc 1)", of_the_host=True
    ),
    "CAP_SYS_TIME": Act(
        "adjtimex -t 1 (a clock tick that no kernel takes)",
        "$b adjtimex -q -t 1",
        passes=("nvalid argument",),
        of_the_host=True,
    ),
    "CAP_MKNOD": Act("mknod file c 1 3", "$b mknod n c 1 3", of_the_host=True),
    "CAP_SETFCAP": Act(
        "setfattr -x security.capability file",
        ": > f; $b setfattr -x security.capability f",
        passes=("No data available",),
    ),
    "CAP_SYSLOG": Act(
        "dmesg -n 99 (a level that no kernel has)",
        "$b dmesg -n 99",
        passes=("nvalid argument",),
        instead=frozenset({"CAP_SYS_ADMIN"}),
        of_the_host=True,
    ),
    "CAP_CHECKPOINT_RESTORE": Act(
        "head -c 1 /proc/self/map_files/first",
        "cd /proc/$$/map_files && for f in *; do $b head -c 0 $f; exit; done",
        instead=frozenset({"CAP_SYS_ADMIN"}),
        of_the_host=True,
    ),
}  # fmt: skip
WHY_NONE = {
    "CAP_SYS_BOOT": "restarting is what it allows: nobody tries that",
    "CAP_NET_BROADCAST": "the kernel never asks for it",
    "CAP_SYS_RAWIO": UNTOUCHED,
    "CAP_SYS_PACCT": UNTOUCHED,
    "CAP_SYS_TTY_CONFIG": UNTOUCHED,
    "CAP_AUDIT_CONTROL": UNTOUCHED,
    "CAP_AUDIT_WRITE": "what it allows stays in the host's log",
    "CAP_WAKE_ALARM": UNTOUCHED,
    "CAP_BLOCK_SUSPEND": UNTOUCHED,
    "CAP_MAC_OVERRIDE": "only Smack asks for it",
    "CAP_MAC_ADMIN": "only Smack asks for it",
}


def why_untried(cap: str) -> str:
    """Why there is no act for that capability; empty where there is one."""
    return "" if cap in ACTS else WHY_NONE.get(cap, NO_TOOL)


def predicted(cap: str, effective: frozenset[str], in_the_hosts_users: bool | None) -> bool | None:
    """Whether the act should be allowed, by the capabilities that the process has.

    `in_the_hosts_users` says whether it is in the host's user namespace. None where the act cannot
    tell: another capability is missing that it needs as well, or allows it, too.
    """
    act = ACTS[cap]
    if cap not in effective:
        return None if act.instead & effective else False
    if act.of_the_host and in_the_hosts_users is not True:
        return None if in_the_hosts_users is None else False
    return True if act.needs <= effective else None
