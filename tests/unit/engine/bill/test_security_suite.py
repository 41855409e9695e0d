"""What a security suite has that an image has not, asked of an archive of the tests' own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from random import randbytes

import pytest

from helpers.engine.bill import changelogs
from helpers.engine.bill.security_suite import architecture_of, security_fixes
from helpers.engine.debian import suite
from helpers.errors import InvalidInput, SetupFailed
from helpers.model.bill.bill import Bill
from helpers.views.bill.fixes_table import FixesTable
from tests.unit.debian_kit import SmallArchive, deb, member, small_archive

SUITE = "trixie-security"
CHANGELOG = (
    b"a (2) trixie-security; urgency=high\n\n  * CVE-2026-1111\n\n"
    b"a (1) unstable; urgency=low\n\n  * CVE-2020-1111\n"
)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SmallArchive]:
    with small_archive(monkeypatch, tmp_path) as archive:
        yield archive


def bill(system: str = "ID=debian\nVERSION_CODENAME=trixie\n", **versions: str) -> Bill:
    kind = suite.architecture()
    status = "\n".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: {kind}\n"
        f"Source: a\nVersion: {version}\n"
        for name, version in versions.items()
    )
    files = {"etc/os-release": system.encode(), "var/lib/dpkg/status": status.encode()}
    return Bill.of("old:1", "sha256:0", files)


def with_changelog(name: str, text: bytes = CHANGELOG) -> bytes:
    packed = gzip.compress(text, mtime=0)
    return deb([member("./usr/share/doc/", type=b"5"),
                member(f"./usr/share/doc/{name}/changelog.Debian.gz", packed)])  # fmt: skip


def test_the_suite_beside_the_mirror_is_asked_and_changelogs_are_read(
    archive: SmallArchive,
) -> None:
    archive.add(SUITE, "liba", with_changelog("liba") + b" " * 4096, "2")
    archive.add(SUITE, "a-tools", with_changelog("a-tools"), "2")
    archive.publish(SUITE, "Date: Sun, 29 Nov 2026 00:53:14 UTC\n")
    known = security_fixes(bill(liba="1", **{"a-tools": "1"}, other="1"))
    assert (known.suite, known.compared, known.cves) == (SUITE, 3, ("CVE-2026-1111",))
    assert [path for path in archive.asked if path.endswith(".deb")] == [
        f"pool/a-tools_2_{SUITE}.deb"
    ], "the smaller of both"
    text = repr(FixesTable(known))
    assert text.startswith(
        "old:1: 2 of 3 Debian packages have a newer version in trixie-security of "
        "29 November 2026; 1 source, 1 CVE number\n"
    )
    assert "a hole without a fix is not in it" in text


def test_nothing_is_fetched_for_an_image_that_lacks_nothing(archive: SmallArchive) -> None:
    archive.add(SUITE, "liba", with_changelog("liba"), "2")
    known = security_fixes(bill(liba="2"))
    assert known.fixes == ()
    assert not any(path.endswith(".deb") for path in archive.asked)
    assert repr(FixesTable(known)).startswith("old:1: 0 of 1 Debian package have a newer")


def test_why_a_changelog_was_not_read(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.add(SUITE, "liba", deb([member("./usr/bin/a", b"x")]), "2")
    assert why(bill(liba="1")) == "liba has no changelog of its own."
    archive.spoil = lambda path, data: b"x" * len(data) if path.endswith(".deb") else data
    assert "gave other bytes for the package liba" in why(bill(liba="1"))
    del archive.files[f"pool/liba_2_{SUITE}.deb"]
    assert "has no pool/liba" in why(bill(liba="1"))
    monkeypatch.setattr(changelogs, "MOST_PACKAGE_BYTES", 10)
    assert "not fetched" in why(bill(liba="1"))


def why(of: Bill) -> str:
    (fix,) = security_fixes(of).fixes
    assert fix.cves is None
    assert f"not read: {fix.why_no_cves}" in repr(FixesTable(security_fixes(of)))
    return fix.why_no_cves


def test_a_changelog_that_does_not_end_is_cut(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changelogs, "MOST_CHANGELOG_BYTES", 2000)
    text = CHANGELOG + b" " * (1 << 20)
    archive.add(SUITE, "liba", with_changelog("liba", text), "2")
    assert security_fixes(bill(liba="1")).cves == ("CVE-2026-1111",)
    archive.add(SUITE, "liba", with_changelog("liba", randbytes(3000)), "3")
    assert "larger than any" in why(bill(liba="1"))


@pytest.mark.parametrize(
    "packed",
    [b"", b"no gzip", gzip.compress(CHANGELOG, mtime=0)[:-9]],
    ids=["empty", "no gzip", "cut off"],
)
def test_a_damaged_changelog_is_told(archive: SmallArchive, packed: bytes) -> None:
    members = [member("./usr/share/doc/liba/changelog.Debian.gz", packed)]
    archive.add(SUITE, "liba", deb(members), "2")
    fix = security_fixes(bill(liba="1")).fixes[0]
    assert fix.cves == () if not packed else "damaged" in fix.why_no_cves


@pytest.mark.parametrize(
    "system",
    [
        "ID=alpine\n",
        "ID=ubuntu\nVERSION_CODENAME=noble\n",
        "ID=debian\n",
        "ID=debian\nVERSION_CODENAME=../x\n",
    ],
)
def test_another_system_is_refused_with_what_can_help(system: str) -> None:
    with pytest.raises(InvalidInput, match="docker scout cves old:1"):
        security_fixes(bill(system, liba="1"))


def test_a_list_that_nobody_signed_is_not_used(archive: SmallArchive) -> None:
    archive.add(SUITE, "liba", with_changelog("liba"), "2")
    archive.publish(SUITE, signer="nobody")
    with pytest.raises(SetupFailed, match="No key of Debian's"):
        security_fixes(bill(liba="1"))
    with pytest.raises(SetupFailed, match="has no dists/sid-security"):
        security_fixes(bill("ID=debian\nVERSION_CODENAME=sid\n", liba="1"))


def test_the_architecture_is_that_of_most_packages() -> None:
    rows = [("a", "all"), ("b", "all"), ("c", "arm64"), ("d", "arm64"), ("e", "amd64")]
    status = "\n\n".join(f"Package: {n}\nVersion: 1\nArchitecture: {kind}" for n, kind in rows)
    assert architecture_of(Bill.of("a", "", {"var/lib/dpkg/status": status.encode()})) == "arm64"
    assert architecture_of(Bill.of("a", "", {})) == "amd64"
