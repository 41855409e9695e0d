"""The changelog of a Debian package: what each version says that it mends.

Source: Debian Policy, section 4.4; deb-changelog(5).
"""

from __future__ import annotations

import re

from helpers.model.debian.version import version_key

_HEAD = re.compile(r"^\S+ \(([A-Za-z0-9.+:~-]{1,200})\) ", re.MULTILINE)
# Source of the numbers: https://www.cve.org/ResourcesSupport/FAQs
_CVE = re.compile(r"\bCVE-\d{4}-\d{4,7}\b")


def cves_since(text: str, since: str) -> tuple[str, ...]:
    """The CVE numbers that entries newer than the version `since` name, in order."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads), len(text)][1:]
    oldest = version_key(since)
    numbers = {
        number
        for head, end in zip(heads, ends, strict=True)
        if version_key(head[1]) > oldest
        for number in _CVE.findall(text[head.end() : end])
    }
    return tuple(sorted(numbers, key=lambda number: [int(part) for part in number.split("-")[1:]]))
