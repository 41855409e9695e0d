"""Walls put together from what a shell printed, and two beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpers.model.isolation.caps import NAMES
from helpers.model.isolation.namespaces import KINDS
from helpers.model.isolation.proc_parts import (
    NO_NAMESPACE,
    PARTS,
    completed,
    last_cap_in,
    split_parts,
    walls_from,
)
from helpers.model.isolation.process_status import ProcessStatus
from helpers.model.isolation.walls import Host, SideBySide, Walls
from helpers.outside import visible_line
from tests.unit.model.isolation.test_proc_texts import MOUNTINFO, STATUS

MARK = "@0123"
LINK = "lrwxrwxrwx 1 root root 0 Nov 30 11:20 /proc/1/ns/{0} -> {0}:[{1}]"


def printed(**others: str) -> str:
    """What the shell prints of a container, with other words for some parts."""
    texts = {"status": STATUS, "uid_map": "0 0 4294967295\n", "mountinfo": MOUNTINFO}
    texts |= {f"ns/{kind}": LINK.format(kind, 100 + at) for at, kind in enumerate(KINDS)}
    texts |= {"cap_last_cap": "40\n", **others}
    return "".join(f"{MARK} {name}\n{text}\n" for name, text in texts.items()) + f"{MARK} end\n"


def test_all_parts_are_read() -> None:
    walls = walls_from("web", split_parts(printed(), MARK), "by exec in it")
    assert walls.troubles == {}
    assert walls.namespaces == {kind: 100 + at for at, kind in enumerate(KINDS)}
    assert walls.last_cap == 40
    assert walls.status is not None
    assert walls.mounts is not None
    assert walls.user_map is not None


def test_what_cannot_be_read_has_its_reason() -> None:
    denied = "ls: /proc/1/ns/pid: cannot read link: Permission denied\nlrwx 1 root /proc/1/ns/pid"
    output = printed(
        status="cat: can't open '/proc/1/status': \x1b[31mPermission denied",
        mountinfo="",
        **{"ns/pid": denied, "ns/time": "ls: /proc/1/ns/time: No such file or directory"},
    )
    walls = walls_from("web", split_parts(output, MARK), "by exec in it")
    assert walls.status is None
    assert walls.troubles == {
        "status": "cat: can't open '/proc/1/status': \\x1b[31mPermission denied",
        "mountinfo": "nothing came",
        "ns/pid": "ls: /proc/1/ns/pid: cannot read link: Permission denied",
        "ns/time": NO_NAMESPACE,
    }


def test_a_part_that_was_cut_off_is_not_half_believed() -> None:
    whole = printed()
    cut = whole[: whole.index("703 700")]
    walls = walls_from("web", split_parts(cut, MARK), "by exec in it")
    assert walls.mounts is None
    assert walls.status is not None
    assert set(walls.troubles) == {"mountinfo", *(f"ns/{kind}" for kind in KINDS)}


def test_what_one_way_lacks_another_gives() -> None:
    bare = walls_from("web", {}, "by exec in it")
    whole = walls_from("web", split_parts(printed(), MARK), "by a sibling")
    assert set(bare.troubles) == set(PARTS)
    assert completed(bare, whole) == whole
    assert completed(whole, bare) == whole
    half = walls_from("web", split_parts(printed(status="denied"), MARK), "by exec in it")
    mended = completed(half, whole)
    assert mended.status == whole.status
    assert mended.source == "by exec in it, the rest by a sibling"
    assert mended.troubles == {}
    nothing = walls_from("web", {"status": "no such luck"}, "by a sibling")
    assert completed(bare, nothing).troubles["status"] == "no such luck"
    assert completed(bare, nothing).source == "by exec in it"


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\n@ 0123")))
def test_whatever_a_stranger_prints_each_part_is_read_or_has_a_reason(text: str) -> None:
    for output in (text, f"{MARK} status\n{text}", printed(status=text, **{"ns/net": text})):
        walls = walls_from("web", split_parts(output, MARK), "by exec in it")
        known = {f"ns/{kind}" for kind in walls.namespaces}
        known |= {"status"} if walls.status else set()
        known |= {"uid_map"} if walls.user_map else set()
        known |= {"mountinfo"} if walls.mounts else set()
        assert known.isdisjoint(walls.troubles)
        assert known | set(walls.troubles) == set(PARTS)
        assert all(why == visible_line(why) for why in walls.troubles.values())
        assert max(map(len, walls.troubles.values()), default=0) <= 121


def test_the_last_capability_is_a_small_number() -> None:
    assert [last_cap_in(text) for text in ("40\n", "", "x", "64", "-1", "９", "400")] == [
        *(40, None, None, None, None, None, None)
    ]


def test_two_beside_each_other() -> None:
    one = Walls("a", {"pid": 1, "net": 9, "user": 5}, capped("CAP_KILL", "CAP_CHOWN"))
    other = Walls("b", {"pid": 2, "net": 9, "user": 5}, capped("CAP_KILL", "CAP_BPF"))
    both = SideBySide(one, other, Host({"pid": 7, "user": 5}))
    assert [both.between(kind) for kind in ("pid", "net", "user", "uts")] == [
        *(False, True, True, None)
    ]
    assert [both.with_host(0, kind) for kind in ("pid", "user", "net")] == [False, True, None]
    assert both.caps == NAMES


def capped(*caps: str) -> ProcessStatus:
    return ProcessStatus(users=(0, 0, 0, 0), effective=frozenset(caps))
