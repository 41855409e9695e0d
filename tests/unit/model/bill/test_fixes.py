"""What a suite has newer than an image, by source; order of versions as dpkg has it."""

from __future__ import annotations

from helpers.model.bill.component import Component
from helpers.model.bill.fixes import Fix, KnownFixes, lacking, not_known
from helpers.model.debian.package_index import PackageIndex
from tests.unit.model.debian.test_debian_index import index, stanza


def installed(name: str, version: str, source: str = "") -> Component:
    return Component("deb", name, version, source=source or name, source_version=version)


SUITE: PackageIndex = index(
    stanza("openssl", "3.5.4-1~deb13u2"),
    stanza("libssl3t64", "3.5.4-1~deb13u2"),
    stanza("expat", "2.7.1-2"),
    stanza("curl", "8.14.1-2"),
)


def test_only_what_is_newer_counts_and_one_source_is_one_fix() -> None:
    fixes = lacking(
        [
            installed("libssl3t64", "3.5.4-1~deb13u1", "openssl"),
            installed("openssl", "3.5.1-1"),
            installed("expat", "2.7.1-2"),
            installed("curl", "8.14.1-10"),
            installed("bash", "5.2"),
        ],
        SUITE,
    )
    assert [(fix.source, [each.name for each in fix.installed]) for fix in fixes] == [
        ("openssl", ["libssl3t64", "openssl"])
    ]
    assert [each.version for each in fixes[0].newer] == ["3.5.4-1~deb13u2"] * 2
    assert repr(fixes[0]) == "openssl: 3.5.4-1~deb13u1 → 3.5.4-1~deb13u2"


def test_cves_are_counted_once() -> None:
    one = Fix("a", (installed("a", "1"),), (), cves=("CVE-2026-1111", "CVE-2026-2222"))
    two = Fix("b", (installed("b", "1"),), (), cves=("CVE-2026-2222",))
    unread = Fix("c", (installed("c", "1"),), (), why_no_cves="too large")
    known = KnownFixes("a:1", "trixie-security", 3, (one, two, unread))
    assert known.cves == ("CVE-2026-1111", "CVE-2026-2222")


def test_what_it_does_not_know_is_said() -> None:
    always = not_known({"deb": 5})
    assert "a hole without a fix is not in it" in always[0]
    assert not_known({"deb": 5, "pypi": 1, "npm": 2})[len(always) :] == (
        "Python's 1 package: Debian's list does not know it.",
        "npm's 2 packages: Debian's list does not know them.",
    )
