"""Acts for capabilities: how they end, what should come of them, and what that means."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from helpers.model.isolation.acts import ACTS, predicted, why_untried
from helpers.model.isolation.caps import NAMES
from helpers.model.isolation.trial import Outcome, Trial, agrees, answer_in, note_on, outcome_of

ALL = frozenset(NAMES)
# What busybox and the kernel said, on Linux 6.18 with Debian's busybox 1.37.
ENDINGS = [
    ("CAP_CHOWN", 0, "", Outcome.ALLOWED),
    ("CAP_CHOWN", 1, "chown: f: Operation not permitted", Outcome.REFUSED),
    ("CAP_CHOWN", 1, "chown: f: Read-only file system", Outcome.UNCLEAR),
    ("CAP_CHOWN", None, "", Outcome.UNCLEAR),
    ("CAP_SYS_TIME", 1, "adjtimex: : Invalid argument", Outcome.ALLOWED),
    ("CAP_SYS_TIME", 1, "adjtimex: : Operation not permitted", Outcome.REFUSED),
    ("CAP_SYSLOG", 1, "dmesg: klogctl: Invalid argument", Outcome.ALLOWED),
    ("CAP_SYS_NICE", 1, "renice: setpriority: Permission denied", Outcome.REFUSED),
    ("CAP_SYS_ADMIN", 1, "mount: permission denied (are you root?)", Outcome.REFUSED),
    ("CAP_NET_RAW", 2, "arping: interface lo is not ARPable", Outcome.ALLOWED),
    ("CAP_NET_RAW", 1, "arping: socket: Operation not permitted", Outcome.REFUSED),
    ("CAP_SETFCAP", 127, "setfattr: applet not found", Outcome.UNTRIED),
    ("CAP_SETUID", 127, "/etc/passwd has no other user", Outcome.UNTRIED),
    ("CAP_NET_BIND_SERVICE", 0, "(here anyone may, from port 0 on)\nit listened", Outcome.ANYONE),
    ("CAP_NET_BIND_SERVICE", 1, "httpd: bind: Permission denied", Outcome.REFUSED),
    ("CAP_NET_BIND_SERVICE", 1, "httpd: bind: Address already in use", Outcome.ALLOWED),
    ("CAP_NET_BIND_SERVICE", 0, "it listened", Outcome.ALLOWED),
]  # fmt: skip


@pytest.mark.parametrize(("cap", "code", "words", "outcome"), ENDINGS)
def test_how_acts_end(cap: str, code: int | None, words: str, outcome: Outcome) -> None:
    assert outcome_of(ACTS[cap], code, words) is outcome


def test_each_capability_has_an_act_or_a_reason() -> None:
    for cap in NAMES:
        assert (cap in ACTS) is not bool(why_untried(cap)), cap
    assert ACTS.keys() <= ALL


@pytest.mark.parametrize("cap", ACTS)
def test_an_act_is_a_script_that_a_shell_can_read(cap: str) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    checked = subprocess.run(
        [shell, "-n", "-c", ACTS[cap].script], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "$((" not in ACTS[cap].script


def test_what_should_come_of_an_act() -> None:
    assert predicted("CAP_CHOWN", frozenset(), True) is False
    assert predicted("CAP_CHOWN", ALL, True) is True
    assert predicted("CAP_CHOWN", ALL, False) is True, "its files are those of its own users"
    assert predicted("CAP_SYS_TIME", ALL, True) is True
    assert predicted("CAP_SYS_TIME", ALL, False) is False, "the clock is the host's"
    assert predicted("CAP_SYS_TIME", ALL, None) is None
    assert predicted("CAP_SETUID", ALL - {"CAP_SETGID"}, True) is None
    assert predicted("CAP_SETUID", frozenset({"CAP_SETGID"}), True) is False
    assert predicted("CAP_DAC_READ_SEARCH", frozenset({"CAP_DAC_OVERRIDE"}), True) is None
    assert predicted("CAP_DAC_READ_SEARCH", frozenset(), True) is False


def test_what_differs_from_the_lamp_is_explained() -> None:
    assert note_on(Outcome.ALLOWED, True) == ""
    assert note_on(Outcome.REFUSED, False) == ""
    assert "seccomp" in note_on(Outcome.REFUSED, True)
    assert "without the capability" in note_on(Outcome.ALLOWED, False)
    assert "without the capability" in note_on(Outcome.ANYONE, False)
    assert "another capability" in note_on(Outcome.ALLOWED, None)
    assert "meant to fail" in note_on(Outcome.ALLOWED, True, 1)


def test_agreement_is_claimed_only_where_it_can_be_seen() -> None:
    assert agrees(Trial("CAP_KILL", Outcome.ALLOWED), True) is True
    assert agrees(Trial("CAP_KILL", Outcome.REFUSED), True) is False
    assert agrees(Trial("CAP_KILL", Outcome.REFUSED), False) is True
    for outcome in (Outcome.ANYONE, Outcome.UNCLEAR, Outcome.UNTRIED):
        assert agrees(Trial("CAP_KILL", outcome), True) is None
    assert agrees(Trial("CAP_KILL", Outcome.ALLOWED), None) is None


def test_answers_are_one_short_line() -> None:
    assert answer_in(" a  b \n\n c\n") == "a b / c"
    assert len(answer_in("x" * 5_000)) == 300
