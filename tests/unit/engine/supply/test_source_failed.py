"""What registries and engines answer, in a few words."""

from __future__ import annotations

import pytest

from helpers.engine.supply.mmdebstrap import complaint
from helpers.engine.supply.source_failed import fail, reason_of
from helpers.errors import DiskFull


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("manifest for busybox:9 not found: manifest unknown: manifest unknown", "no such image"),
        (
            "pull access denied for x, repository does not exist or may require 'docker login': "
            "denied: requested access to the resource is denied",
            "no such image",
        ),
        ("toomanyrequests: You have reached your pull rate limit.", "limit of pulls"),
        ("unauthorized: authentication required", "wants a login"),
        ('Get "https://r/v2/": x509: certificate signed by unknown authority', "certificate"),
        ('Get "https://r/v2/": dial tcp: lookup r: no such host', "cannot be resolved"),
        ('Get "http://127.0.0.1:1/v2/": connect: connection refused', "connection refused"),
        ("net/http: request canceled (Client.Timeout exceeded while awaiting headers)", "in time"),
        ('Get "https://r:5000/v2/": http: server gave HTTP response to HTTPS client', "plain HTTP"),
        ("no matching manifest for linux/arm64 in the manifest list entries", "processor"),
        ("something  new.", "something new"),
    ],
)
def test_reasons(answer: str, words: str) -> None:
    assert words in reason_of(answer)


def test_a_long_answer_is_cut() -> None:
    assert len(reason_of("x" * 1000)) == 160


def test_a_full_disk_is_not_a_sources_fault() -> None:
    with pytest.raises(DiskFull):
        fail("write /var/lib/docker/tmp: no space left on device")


def test_the_line_that_says_why_is_picked() -> None:
    lines = [
        "Err:1 http://mirror.invalid/debian trixie InRelease",
        "E: Failed to fetch http://mirror.invalid/  Could not resolve 'mirror.invalid'",
        "E: apt-get update failed",
    ]
    assert complaint(lines) == "Err:1 http://mirror.invalid/debian trixie InRelease"
    assert complaint(["E: setup failed", "E: no space"]) == "E: no space"
    assert complaint(["cp: cannot stat 'x'"]) == "cp: cannot stat 'x'"
    assert complaint([]) == "it said nothing"
