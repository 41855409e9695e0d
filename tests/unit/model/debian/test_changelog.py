"""CVE numbers in a changelog: those of entries newer than what is installed, each once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpers.model.debian.changelog import cves_since

CHANGELOG = """\
openssl (3.5.4-1~deb13u2) trixie-security; urgency=medium

  * CVE-2026-1234 (a heap overflow)
  * CVE-2025-99999, CVE-2025-9230 again

 -- Somebody <a@example.org>  Mon, 02 Feb 2026 20:00:00 +0100

openssl (3.5.4-1~deb13u1) trixie-security; urgency=medium

  * CVE-2025-9230; not XCVE-2025-1111 or CVE-2025-1

 -- Somebody <a@example.org>  Mon, 01 Sep 2025 20:00:00 +0200

openssl (3.5.1-1) unstable; urgency=medium

  * CVE-2024-0001
"""


def test_entries_that_are_newer_are_read() -> None:
    both = ("CVE-2025-9230", "CVE-2025-99999", "CVE-2026-1234")
    assert cves_since(CHANGELOG, "3.5.1-1") == both
    assert cves_since(CHANGELOG, "3.5.4-1~deb13u1") == both
    assert cves_since(CHANGELOG, "3.5.4-1~deb13u2") == ()
    assert cves_since(CHANGELOG, "3.5.1-0") == ("CVE-2024-0001", *both)
    assert cves_since("", "1") == ()


@given(text=st.text() | st.lists(st.sampled_from(CHANGELOG.splitlines())).map("\n".join))
def test_whatever_a_changelog_says_the_numbers_are_numbers(text: str) -> None:
    for number in cves_since(text, "0"):
        year, digits = number.removeprefix("CVE-").split("-")
        assert len(year) == 4
        assert (year + digits).isdigit()
