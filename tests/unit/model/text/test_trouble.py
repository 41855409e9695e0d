"""What went wrong, in the words of those whom it befell."""

from __future__ import annotations

import pytest

from helpers.model.text.trouble import Trouble, is_full_disk, trouble_in

FULL = [
    "write /var/lib/docker/tmp/x: no space left on device",
    "[Errno 28] No space left on device",
    "E: You don't have enough free space in /var/cache/apt/archives/.",
    "There is not enough space on the disk",
    "OSError: [Errno 122] Disk quota exceeded",
    '{"errors":[{"code":"UNKNOWN","detail":{"Op":"write","Err":28}}]}',
]
ANSWERS = [
    ('Conflict. The container name "/web" is already in use by container "ab".', "NAME_IN_USE"),
    ("Bind for 127.0.0.1:4000 failed: port is already allocated", "PORT_IN_USE"),
    ("listen tcp4 0.0.0.0:80: bind: address already in use", "PORT_IN_USE"),
    ("No such image: bread:1.0", "NO_SUCH_IMAGE_HERE"),
    ("toomanyrequests: You have reached your pull rate limit.", "PULLS_USED_UP"),
    ("filesystem layer verification failed for digest sha256:00", "WRONG_BYTES"),
    ("unexpected status: 405 Method Not Allowed", "PUSHES_REFUSED"),
    ("no matching manifest for linux/arm64 in the manifest list entries", "NO_SUCH_PLATFORM"),
    ("no match for platform in manifest: not found", "NO_SUCH_PLATFORM"),
    ("manifest for busybox:9 not found: manifest unknown: manifest unknown", "NO_SUCH_TAG"),
    ("pull access denied for x, repository does not exist or may require", "NO_SUCH_REPOSITORY"),
    ("unauthorized: authentication required", "LOGIN_WANTED"),
    ('Get "https://r/v2/": x509: certificate signed by unknown authority', "NOT_TRUSTED"),
    ('Get "https://r/v2/": http: server gave HTTP response to HTTPS client', "PLAIN_HTTP"),
    ('Get "https://r/v2/": dial tcp: lookup r: no such host', "NAME_NOT_RESOLVED"),
    ("dial tcp 127.0.0.1:1: connect: connection refused", "CONNECTION_REFUSED"),
    ("request canceled (Client.Timeout exceeded while awaiting headers)", "NO_ANSWER_IN_TIME"),
    ("connect: network is unreachable", "NETWORK_UNREACHABLE"),
    ("read: connection reset by peer", "BROKEN_OFF"),
]


@pytest.mark.parametrize("answer", FULL)
def test_a_full_disk_is_known_by_whoever_says_it(answer: str) -> None:
    assert is_full_disk(answer)
    assert trouble_in(answer) is Trouble.FULL_DISK


@pytest.mark.parametrize(("answer", "name"), ANSWERS)
def test_each_answer_means_one_trouble(answer: str, name: str) -> None:
    assert trouble_in(answer) is Trouble[name]
    assert not is_full_disk(answer)


def test_what_is_not_known_means_nothing() -> None:
    assert trouble_in("something new") is None
