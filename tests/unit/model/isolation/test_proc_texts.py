"""The kernel's texts on a process, read: real ones, and whatever a stranger may print instead."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.isolation.caps import ALLOWS, NAMES, in_order, known_to, name_of, names_in
from helpers.model.isolation.mount_table import parse_mount_table, seen_at
from helpers.model.isolation.namespaces import KINDS, is_shared, parse_link
from helpers.model.isolation.process_status import parse_status
from helpers.model.isolation.user_map import (
    IdRange,
    is_identity,
    outside_of,
    parse_user_map,
)

# Of a container that was run without options, by Docker 28.5.
STATUS = """\
Name:\tsleep
Umask:\t0022
State:\tS (sleeping)
Uid:\t0\t0\t0\t0
Gid:\t0\t0\t0\t0
CapInh:\t0000000000000000
CapPrm:\t00000000a80425fb
CapEff:\t00000000a80425fb
CapBnd:\t00000000a80425fb
CapAmb:\t0000000000000000
NoNewPrivs:\t0
Seccomp:\t2
Seccomp_filters:\t1
"""
# Docker's documentation, "Runtime privilege and Linux capabilities": those that it keeps.
DOCKERS = (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP "
    "SETGID SETPCAP SETUID SYS_CHROOT"
)
MOUNTINFO = r"""
700 650 0:80 / / ro,relatime - overlay overlay rw,lowerdir=/l
701 700 0:84 / /proc rw,nosuid - proc proc rw
702 700 254:1 /var/lib/it\040is/x /data\011here\134 rw,relatime master:1 - ext4 /dev/vda rw
703 700 0:85 / /data rw shared:2 master:3 - tmpfs tmpfs rw
704 700 0:86 / /data ro - tmpfs tmpfs rw
"""


def test_a_status_is_read() -> None:
    status = parse_status(STATUS)
    assert status is not None
    assert (status.name, status.user, status.group) == ("sleep", 0, 0)
    assert status.effective == frozenset(f"CAP_{name}" for name in DOCKERS.split())
    assert status.effective == status.permitted == status.bounding
    assert (status.seccomp, status.no_new_privileges) == (2, False)


def test_what_an_old_kernel_does_not_say_is_not_known() -> None:
    old = "".join(
        line for line in STATUS.splitlines(True) if not line.startswith(("No", "Secc", "CapBnd"))
    )
    status = parse_status(old)
    assert status is not None
    assert (status.seccomp, status.no_new_privileges, status.bounding) == (None, None, None)
    assert parse_status("cat: /proc/1/status: Permission denied\n") is None
    assert parse_status("") is None


def test_this_process_reads_as_the_system_says() -> None:
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("this system has no /proc")
    status = parse_status(path.read_text(encoding="utf-8"))
    assert status is not None
    assert status.effective is not None
    assert status.effective <= (status.permitted or frozenset())


def test_the_names_are_those_of_libcap() -> None:
    capsh = shutil.which("capsh", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if capsh is None:
        pytest.skip("libcap's capsh is not on this machine")
    answer = subprocess.run(
        [capsh, f"--decode={(1 << len(NAMES)) - 1:x}"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip().partition("=")[2].upper().split(",") == list(NAMES)


def test_a_newer_kernel_has_more() -> None:
    assert len(NAMES) == len(ALLOWS) == 41
    assert names_in(1 << 41) == {"CAP_41"}
    assert known_to(41)[-2:] == ("CAP_CHECKPOINT_RESTORE", "CAP_41")
    assert known_to(37)[-1] == "CAP_AUDIT_READ"
    assert known_to(None) == NAMES
    assert in_order({"CAP_41", "CAP_KILL", "CAP_CHOWN"}) == ("CAP_CHOWN", "CAP_KILL", "CAP_41")


@given(st.sets(st.integers(0, 63)))
def test_a_mask_has_a_name_for_each_bit(bits: set[int]) -> None:
    assert names_in(sum(1 << bit for bit in bits)) == {name_of(bit) for bit in bits}


def test_links_and_what_is_shared() -> None:
    assert parse_link("net", "net:[4026531840]\n") == 4026531840
    for wrong in ("", "uts:[4026531840]", "net:[x]", "net:[-1]", "a net:[1]", "net:[" + "9" * 30):
        assert parse_link("net", wrong) is None
    one, other = {"net": 1, "pid": 2}, {"net": 1, "pid": 3}
    assert [is_shared(kind, one, other) for kind in ("net", "pid", "uts")] == [True, False, None]


def test_user_maps() -> None:
    whole = parse_user_map("         0          0 4294967295\n")
    assert whole == (IdRange(0, 0, 4294967295),)
    assert is_identity(whole)
    remapped = parse_user_map("0 100000 65536\n65536 1000 1\n")
    assert remapped is not None
    assert not is_identity(remapped)
    assert [outside_of(user, remapped) for user in (0, 7, 65536, 65537)] == [
        *(100000, 100007, 1000, None)
    ]
    for wrong in ("", "0 0", "0 0 -1", "cat: denied", "0 0 1\nx"):
        assert parse_user_map(wrong) is None


def test_mounts() -> None:
    mounts = parse_mount_table(MOUNTINFO)
    assert mounts is not None
    assert [mount.path for mount in mounts] == ["/", "/proc", "/data\there\\", "/data", "/data"]
    assert mounts[2].root == "/var/lib/it is/x"
    root = seen_at("/", mounts)
    assert root is not None
    assert root.is_read_only, "the mount is read-only, whatever its filesystem is"
    top = seen_at("/data", mounts)
    assert top == mounts[4], "the newest hides the others"
    assert mounts[1].is_of_the_kernel
    assert seen_at("/nowhere", mounts) is None
    for wrong in ("", "cat: denied", "1 2 3", "a b c d e f - g h"):
        assert parse_mount_table(wrong) is None


LINES = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from(list(":\t -[]0\\\n")), max_size=200
)


@given(LINES)
def test_nothing_that_is_printed_is_more_than_not_known(text: str) -> None:
    parse_status(f"Uid:\t{text}\nCapEff:\t{text}\nSeccomp:\t{text}\nNoNewPrivs: {text}")
    parse_status(text)
    parse_user_map(text)
    parse_mount_table(text)
    for kind in KINDS:
        parse_link(kind, text)


@given(st.lists(st.text("abcé \t\\:-", min_size=1, max_size=8), min_size=1, max_size=4))
def test_any_mounted_path_comes_back(names: list[str]) -> None:
    """As the kernel writes it: mangle_path() escapes space, tab, line break and backslash."""
    path = "/" + "/".join(names)
    written = "".join(f"\\{ord(c):03o}" if c in " \t\n\\" else c for c in path)
    mounts = parse_mount_table(f"36 35 98:0 / {written} rw,noatime master:1 - ext3 /dev/root rw")
    assert mounts is not None
    assert mounts[0].path == path
